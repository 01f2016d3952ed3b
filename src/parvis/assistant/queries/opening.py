"""Hours, places and telephones from the tables: nothing is quoted, nothing is guessed."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from parvis.assistant.rules.words import folded
from parvis.organisations import queries as organisations
from parvis.organisations import rules as hours
from parvis.organisations.models import Authority, Site

MOST = 5
DESK, PHONE = hours.HoursChannel.DESK, hours.HoursChannel.PHONE
_DAYS = (
    ("lundi", "monday"), ("mardi", "tuesday"), ("mercredi", "wednesday"), ("jeudi", "thursday"),
    ("vendredi", "friday"), ("samedi", "saturday"), ("dimanche", "sunday"),
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One place with what is asked of it."""

    title: str
    text: str
    address: str = ""
    phone: str = ""

    def told(self) -> dict[str, str]:
        """As a turn keeps it."""
        return asdict(self)


def places(
    authority: Authority, *, now: datetime, asked: str = "", topics: Sequence[int] = ()
) -> list[Fact]:
    """The places that receive people: open or not, on the day that is asked for if one is."""
    sites = _sites(authority, asked, topics)
    schedules = organisations.schedules_of(sites)
    found = [(site, schedules[site.pk]) for site in sites]
    found.sort(key=lambda pair: not hours.state_at(pair[1], DESK, now).open)
    return [_fact(site, schedule, now, asked) for site, schedule in found[:MOST]]


def names_place(authority: Authority, words: str) -> bool:
    """Whether these words name a place of the authority, and nothing else."""
    wanted = set(words.split())
    return any(wanted <= set(folded(f"{s.name} {s.name_en}").split()) for s in _all(authority))


def phone_state(authority: Authority, now: datetime) -> hours.OpenState | None:
    """Whether the telephone is answered; None when no hours of it are declared."""
    states = [
        hours.state_at(schedule, PHONE, now)
        for schedule in organisations.schedules_of(organisations.sites_of(authority)).values()
        if any(season.channel is PHONE for season in schedule.seasons)
    ]
    sure = [state for state in states if state.confirmed]
    if not sure:
        return None
    return min(sure, key=lambda state: (not state.open, state.next_opening or now))


def opening_words(state: hours.OpenState, zone: ZoneInfo, now: datetime) -> str:
    """Open until when, or closed until when; what nobody declared is not guessed."""
    if state.open and state.until:
        until = time_format(state.until.astimezone(zone), "TIME_FORMAT")
        return _("open now, until %(until)s") % {"until": until}
    if not state.confirmed:
        return _("hours not confirmed: call before you come")
    if state.next_opening is None:
        return _("closed; next opening not known yet")
    opening = state.next_opening.astimezone(zone)
    at = time_format(opening, "TIME_FORMAT")
    if opening.date() == now.astimezone(zone).date():
        return _("closed now, opens at %(at)s") % {"at": at}
    day = date_format(opening, "MONTH_DAY_FORMAT")
    return _("closed now, opens on %(day)s at %(at)s") % {"day": day, "at": at}


def _all(authority: Authority) -> list[Site]:
    # A place without a desk (a telephone centre) is nowhere that people come to.
    return list(organisations.sites_of(authority).filter(desks__is_active=True).distinct())


def _sites(authority: Authority, asked: str, topics: Sequence[int]) -> list[Site]:
    sites = _all(authority)
    said = set(folded(asked).split())
    common = {word for site in sites for word in folded(site.name).split() if len(word) < 4}
    scored = [(len((set(folded(s.name).split()) - common) & said), s) for s in sites]
    best = max((score for score, _site in scored), default=0)
    if best:
        return [site for score, site in scored if score == best]
    if topics:
        near = {site.pk for site in organisations.sites_for_topics(authority, topics)}
        return [site for site in sites if site.pk in near] or sites
    return sites


def _fact(site: Site, schedule: hours.Schedule, now: datetime, asked: str) -> Fact:
    zone = ZoneInfo(site.timezone)
    day = _day_asked(asked, now.astimezone(zone).date())
    if day is None:
        text = opening_words(hours.state_at(schedule, DESK, now), zone, now)
    else:
        text = _day_words(hours.day_plan(schedule, DESK, day))
    return Fact(site.label, text, site.address, site.phone)


def _day_words(plan: hours.DayPlan) -> str:
    day = date_format(plan.day, "MONTH_DAY_FORMAT")
    if not plan.confirmed:
        return _("%(day)s: hours not confirmed, call before you come") % {"day": day}
    if not plan.hours:
        reason = f" ({plan.note})" if plan.note else ""
        return _("%(day)s: closed") % {"day": day} + reason
    times = ", ".join(
        _("%(start)s to %(end)s")
        % {"start": time_format(start, "TIME_FORMAT"), "end": time_format(end, "TIME_FORMAT")}
        for start, end in plan.hours
    )
    return _("%(day)s: %(times)s") % {"day": day, "times": times}


def _day_asked(asked: str, today: date) -> date | None:
    said = folded(asked)
    if re.search(r" (?:apres demain) ", said):
        return today + timedelta(days=2)
    if re.search(r" (?:demain|tomorrow) ", said):
        return today + timedelta(days=1)
    for number, names in enumerate(_DAYS):
        if any(f" {name} " in said or f" {name}s " in said for name in names):
            return today + timedelta(days=(number - today.weekday()) % 7)
    return None
