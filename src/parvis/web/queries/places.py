"""The places of an authority as the public sees them: open or not, until when, for how long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache

from parvis.assistant import queries as assistant
from parvis.assistant.queries import house
from parvis.assistant.queries.opening import opening_words
from parvis.assistant.rules import handing
from parvis.common.clock import local_day
from parvis.organisations import queries as organisations
from parvis.organisations import rules as hours
from parvis.organisations.models import Authority, Closure, HoursException, Site
from parvis.queue import queries as queue
from parvis.queue import rules as queue_rules
from parvis.web import rules

AHEAD = timedelta(days=14)
WAIT_KEPT = 15  # seconds: the front page costs the same whoever asks
PHONE_KEPT = 60
CHAT_KEPT = 20
DESK, PHONE, APPOINTMENT = hours.HoursChannel


@dataclass(frozen=True)
class PlaceNow:
    """One place at this moment, with the time as its clocks show it."""

    site: Site
    state: hours.OpenState
    later_today: Sequence[tuple[datetime, datetime]]  # openings after the present one
    wait: queue_rules.WaitRange | None
    now: datetime

    @property
    def reopens_today(self) -> bool:
        opening = self.state.next_opening
        return opening is not None and self.local(opening).date() == self.now.date()

    @property
    def until(self) -> datetime | None:
        return self.local(self.state.until) if self.state.until else None

    @property
    def next_opening(self) -> datetime | None:
        return self.local(self.state.next_opening) if self.state.next_opening else None

    def local(self, moment: datetime) -> datetime:
        """A moment as the clocks of the place show it."""
        return moment.astimezone(ZoneInfo(self.site.timezone))


def places_now(authority: Authority, now: datetime) -> list[PlaceNow]:
    """Every place in use: open or closed, until when, the wait if known; open ones first."""
    # A place without a desk (a telephone centre) is nowhere that people come to.
    sites = list(organisations.sites_of(authority).filter(desks__is_active=True).distinct())
    schedules = organisations.schedules_of(sites)
    places = [_place(site, schedules[site.pk], now) for site in sites]
    return sorted(places, key=lambda place: not place.state.open)


def _place(site: Site, schedule: hours.Schedule, now: datetime) -> PlaceNow:
    zone = ZoneInfo(site.timezone)
    state = hours.state_at(schedule, DESK, now)
    today = hours.day_plan(schedule, DESK, local_day(now, zone))
    later = [
        (start.astimezone(zone), end.astimezone(zone))
        for start, end in today.intervals
        if start > now
    ]
    wait = _wait(site, now) if state.open else None
    return PlaceNow(site, state, later, wait, now.astimezone(zone))


def _wait(site: Site, now: datetime) -> queue_rules.WaitRange | None:
    """What half of the topics wait at most: each topic has its own range on the kiosk."""
    known: list[queue_rules.WaitRange] | None = cache.get(key := f"web:wait:{site.pk}")
    if known is None:
        hall = queue.load_hall(site, now)
        topics = sorted(set().union(*(desk.topics for desk in hall.open_desks)))
        known = [wait for wait in queue.waits_by_topic(hall, topics).values() if wait]
        cache.set(key, known, WAIT_KEPT)
    if not known:
        return None
    return queue_rules.WaitRange(
        median_low([wait.low_minutes for wait in known]),
        median_low([wait.high_minutes for wait in known]),
    )


@dataclass(frozen=True)
class Notice:
    """Something unusual about the hours of the coming days."""

    site: Site
    first_day: date
    last_day: date
    hours: Sequence[tuple[Any, Any]]  # empty: closed
    reason: str


def notices(authority: Authority, now: datetime) -> list[Notice]:
    """Closures and exceptional hours at the desks in the next two weeks, soonest first."""
    today = local_day(now, ZoneInfo("Europe/Paris"))
    coming = {"site__authority": authority, "site__is_active": True}
    closures = Closure.objects.filter(
        **coming, last_day__gte=today, first_day__lte=today + AHEAD
    ).select_related("site")
    exceptions = HoursException.objects.filter(
        **coming, channel=DESK, date__gte=today, date__lte=today + AHEAD
    ).select_related("site")
    found = [Notice(row.site, row.first_day, row.last_day, (), row.reason) for row in closures]
    found += _by_day(exceptions.order_by("site_id", "date", "opens"))
    return sorted(found, key=lambda notice: (notice.first_day, notice.site.name))


def _by_day(rows: Iterable[HoursException]) -> list[Notice]:
    days: dict[tuple[int, date], list[HoursException]] = {}
    for row in rows:
        days.setdefault((row.site_id, row.date), []).append(row)
    return [
        Notice(
            same[0].site,
            same[0].date,
            same[0].date,
            hours.in_one((row.opens, row.closes) for row in same if row.opens and row.closes),
            same[0].reason,
        )
        for same in days.values()
    ]


@dataclass(frozen=True)
class Week:
    """The week of one place on one channel."""

    channel: str
    days: Sequence[hours.DayPlan]
    confirmed_through: date | None  # hours are not declared after this day


def weeks(authority: Authority, now: datetime) -> list[tuple[PlaceNow, list[Week]]]:
    """This week of every place, on every channel that has hours."""
    places = places_now(authority, now)
    schedules = organisations.schedules_of([place.site for place in places])
    return [(place, _weeks(schedules[place.site.pk], place.now.date())) for place in places]


def _weeks(schedule: hours.Schedule, day: date) -> list[Week]:
    used = {season.channel for season in schedule.seasons}
    return [
        Week(
            str(channel),
            hours.week_view(schedule, channel, day),
            hours.confirmed_through(schedule, channel, day),
        )
        for channel in hours.HoursChannel
        if channel in used or channel is DESK
    ]


def human_exit(authority: Authority | None, now: datetime) -> dict[str, Any]:
    """How to speak to someone now: whether the telephone answers, and how soon somebody writes."""
    phone = authority.phone if authority else ""
    state = _phone_state(authority, now) if authority and phone else None
    zone = ZoneInfo(settings.TIME_ZONE)
    return {
        "phone": phone,
        "phone_href": rules.telephone_address(phone),
        "sentence": opening_words(state, zone, now) if state else "",
        "open_now": state.open if state else None,
        "chat": _chat_minutes(authority, now) if authority else None,
    }


def _phone_state(authority: Authority, now: datetime) -> hours.OpenState | None:
    """Whether the telephone is answered now; None when no hours of it are declared."""
    key = f"web:phone:{authority.pk}"
    known: tuple[hours.OpenState | None] | None = cache.get(key)
    if known is None:
        known = (assistant.phone_state(authority, now),)
        cache.set(key, known, PHONE_KEPT)
    return known[0]


def _chat_minutes(authority: Authority, now: datetime) -> int | None:
    """In how many minutes somebody answers in writing, at most; None: nobody does now."""
    key = f"web:chat:{authority.pk}"
    known: tuple[int | None] | None = cache.get(key)
    if known is None:
        is_anybody_there = house.on_duty(authority, now).exists()
        picture = house.house_now(authority, now) if is_anybody_there else None
        may = picture is not None and handing.can_chat(picture, now)
        known = (handing.wait(picture)[1] if picture and may else None,)
        cache.set(key, known, CHAT_KEPT)
    return known[0]
