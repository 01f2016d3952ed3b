"""The indicators of a perimeter; closed days are remembered until something is added to them.

Measured: a year of 100,000 contacts takes seconds to read and count, a remembered one
milliseconds. What is remembered bears the ids of the newest rows seen; three existence questions
tell whether later rows touch its days (decision 13). Today is always counted afresh.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from django.core.cache import cache

from parvis.quality.queries import contacts, legs
from parvis.quality.queries.answers import answering, answering_months
from parvis.quality.queries.memory import remembering
from parvis.quality.queries.perimeter import Frame, Perimeter, frame_of
from parvis.quality.queries.promises import Announced, announced
from parvis.quality.rules.measures import Measure
from parvis.quality.rules.periods import Days
from parvis.quality.rules.promises import promises_kept
from parvis.quality.rules.resolution import Judged, Period, judge, resolution_of
from parvis.quality.rules.satisfaction import satisfied
from parvis.quality.rules.service import service_time
from parvis.quality.rules.waiting import waiting_time

KEPT_SECONDS: Final = 6 * 3600
T = TypeVar("T")
Figures = dict[str, Measure]


@dataclass(frozen=True)
class _Kept:
    newest: Any
    value: Any


def measures(perimeter: Perimeter, *, now: datetime) -> list[Measure]:
    """Every indicator of the perimeter, with what is needed to believe it; hidden below five."""
    frame = frame_of(perimeter)
    days = Days(perimeter.first, perimeter.last)
    return [
        *waiting(frame, days, now).values(),
        *listened(frame, days, now).values(),
        *answering(frame, days, now).values(),
        *remembering(frame, days, now).values(),
    ]


def waiting(frame: Frame, days: Days, now: datetime) -> Figures:
    """Waiting time, abandonment and time at the desk, from the events of tickets."""
    if not frame.perimeter.has_tickets:
        return {}
    kept = _recall(frame, "waiting", days, now, later=_later_event)
    if kept is not None:
        return dict(kept)
    newest = legs.newest_event()
    stays = legs.stays(frame, days.first, days.last)
    figures = _waiting(frame, stays, announced(frame, days.first, days.last), now)
    _keep(frame, "waiting", days, now, _Kept(newest, figures))
    return figures


def _waiting(frame: Frame, stays: list[legs.Stay], told: list[Announced], now: datetime) -> Figures:
    found = legs.flat(stays)
    waits = waiting_time(found, target_seconds=frame.target_seconds, now=now)
    asked_for = {stay.ticket for stay in stays}
    promises = promises_kept(one.promise for one in told if one.ticket in asked_for)
    return _by_code([*waits.measures, service_time(found).measure, *promises])


def listened(frame: Frame, days: Days, now: datetime) -> Figures:
    """First-contact resolution and satisfaction, from contacts and the answers given to them."""
    kept = _recall(frame, "listened", days, now, later=_later_contact)
    if kept is not None:
        return dict(kept)
    newest = contacts.newest()
    cut_off = frame.cut_off(now)
    log = contacts.log(frame, days.first, days.last, cut_off=cut_off)
    judged = judge(log.rows, Period(days.first, days.last, _end(cut_off, days)), frame.zone)
    figures = _listened(judged, list(log.heard), log.channels)
    _keep(frame, "listened", days, now, _Kept(newest, figures))
    return figures


def _end(cut_off: date, days: Days) -> date:
    # A day that is not over yet still has its contacts, though none of them can be eligible.
    return max(cut_off, days.last)


def _listened(
    judged: list[Judged], heard: list[contacts.Heard], channels: dict[str, int]
) -> Figures:
    content = satisfied(one.score for one in heard)
    if not content.hidden:
        detail = {**content.detail, "contacts": sum(channels.values())}
        content = replace(content, detail=detail)
    return _by_code([*resolution_of(judged).measures, content])


def _by_code(found: list[Measure]) -> Figures:
    return {measure.code: measure for measure in found}


def by_month(frame: Frame, months: list[Days], now: datetime) -> list[Figures]:
    """The indicators of several months that follow one another, read in one go when unknown.

    What is known of cases is counted for one period at a time: it is read as of its last day.
    """
    waits = _monthly(frame, "waiting", months, now, later=_later_event, read=_waiting_months)
    said = _monthly(frame, "listened", months, now, later=_later_contact, read=_listened_months)
    asked = answering_months(frame, months, now)
    return [{**a, **b, **c} for a, b, c in zip(waits, said, asked, strict=True)]


_Later = Callable[[Frame, Days, Any], bool]
_Read = Callable[[Frame, list[Days], datetime], tuple[Any, list[Figures]]]


def _monthly(
    frame: Frame, kind: str, months: list[Days], now: datetime, *, later: _Later, read: _Read
) -> list[Figures]:
    known = [_recall(frame, kind, month, now, later=later) for month in months]
    missing = [place for place, figures in enumerate(known) if figures is None]
    if missing:
        # One stretch from the first unknown month to the last: its ends need to be read once.
        stretch = range(missing[0], missing[-1] + 1)
        newest, fresh = read(frame, [months[place] for place in stretch], now)
        for place, figures in zip(stretch, fresh, strict=True):
            known[place] = figures
            _keep(frame, kind, months[place], now, _Kept(newest, figures))
    return [figures or {} for figures in known]


def _waiting_months(frame: Frame, months: list[Days], now: datetime) -> tuple[int, list[Figures]]:
    newest = legs.newest_event()
    if not frame.perimeter.has_tickets:
        return newest, [{} for _ in months]
    stays = legs.stays(frame, months[0].first, months[-1].last)
    told = announced(frame, months[0].first, months[-1].last)
    return newest, [
        _waiting(
            frame,
            [stay for stay in stays if stay.day in month],
            [one for one in told if one.day in month],
            now,
        )
        for month in months
    ]


def _listened_months(
    frame: Frame, months: list[Days], now: datetime
) -> tuple[contacts.Newest, list[Figures]]:
    newest = contacts.newest()
    whole, cut_off = Days(months[0].first, months[-1].last), frame.cut_off(now)
    log = contacts.log(frame, whole.first, whole.last, cut_off=cut_off)
    judged = judge(log.rows, Period(whole.first, whole.last, _end(cut_off, whole)), frame.zone)
    return newest, [_month(judged, log.heard, month) for month in months]


def _month(judged: list[Judged], heard: tuple[contacts.Heard, ...], month: Days) -> Figures:
    of_month = [one for one in judged if one.contact.at.date() in month]
    answers = [one for one in heard if one.day in month]
    return _listened(of_month, answers, {"": len(of_month)})


# What is remembered -------------------------------------------------------------------------------


def _recall(frame: Frame, kind: str, days: Days, now: datetime, *, later: _Later) -> Figures | None:
    key = _key(frame, kind, days, now)
    kept: _Kept | None = cache.get(key) if key else None
    if kept is None or later(frame, days, kept.newest):
        return None
    figures: Figures = kept.value
    return figures


def _keep(frame: Frame, kind: str, days: Days, now: datetime, kept: _Kept) -> None:
    key = _key(frame, kind, days, now)
    if key:
        cache.set(key, kept, KEPT_SECONDS)


def _key(frame: Frame, kind: str, days: Days, now: datetime) -> str:
    """Empty for days that are not over; repeats may still come until their window has passed."""
    today = frame.today(now)
    if days.last >= today:
        return ""
    horizon = min(frame.cut_off(now), days.last + frame.longest_window)
    mark = (kind, days, frame.perimeter.key, frame.mark(), horizon if kind == "listened" else None)
    return "quality:" + hashlib.sha256(repr(mark).encode()).hexdigest()[:40]


def _later_event(frame: Frame, days: Days, newest: Any) -> bool:
    return legs.has_later(frame, days.first, days.last, newest)


def _later_contact(frame: Frame, days: Days, newest: Any) -> bool:
    return contacts.has_later(frame, days.first, days.last, newest)
