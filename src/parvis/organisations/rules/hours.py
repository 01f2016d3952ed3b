"""When a site may be reached: seasons, dated exceptions, closures, and the honest unknown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final, TypeVar

from parvis.common.calendar import Territory, holiday_name
from parvis.common.clock import LAST_DAY, ONE_DAY, day_bounds, instant_of, local_day, require_aware

# Days without any opening looked through before giving up; a long closure counts for one.
HORIZON_DAYS: Final = 120
Moment = TypeVar("Moment", time, datetime)
_NEVER = datetime.max.replace(tzinfo=UTC)


class HoursChannel(StrEnum):
    """How people reach the site: at the desk, by phone, or by appointment only."""

    DESK = "desk"
    PHONE = "phone"
    APPOINTMENT = "appointment"


class Because(StrEnum):
    """Why a day or an instant is open or closed."""

    HOURS = "hours"
    EXCEPTION = "exception"
    PUBLIC_HOLIDAY = "public_holiday"
    CLOSURE = "closure"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """From when to when on the clocks of the place, within one day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError("an opening ends after it begins, on the same day")


@dataclass(frozen=True, slots=True)
class Season:
    """The weekly hours of one channel between two dates, both included; Monday is 0."""

    channel: HoursChannel
    valid_from: date
    valid_through: date | None
    week: tuple[tuple[int, Opening], ...]

    def covers(self, day: date) -> bool:
        """Whether these hours were declared for that day."""
        return self.valid_from <= day and (self.valid_through is None or day <= self.valid_through)


@dataclass(frozen=True, slots=True)
class DayException:
    """Other hours on one day (none at all means closed); no channel means every channel.

    Several exceptions of the same day and channel add up.
    """

    day: date
    openings: tuple[Opening, ...]
    reason: str
    channel: HoursChannel | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure between two instants, the end excluded; without end, until further notice."""

    starts_at: datetime
    ends_at: datetime | None
    reason: str
    channel: HoursChannel | None = None

    def __post_init__(self) -> None:
        require_aware(self.starts_at)
        if self.ends_at is not None and require_aware(self.ends_at) <= self.starts_at:
            raise ValueError("a closure ends after it begins")


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that is declared about the hours of one site.

    With a territory, its public holidays are closed unless an exception names that very day.
    """

    zone: tzinfo
    seasons: tuple[Season, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    closures: tuple[Closure, ...] = ()
    territory: Territory | None = None


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One local day of one channel: its openings as UTC instants, and why it is so."""

    day: date
    zone: tzinfo
    intervals: tuple[tuple[datetime, datetime], ...]
    because: Because
    note: str
    closures: tuple[Closure, ...] = ()

    @property
    def confirmed(self) -> bool:
        """Whether somebody declared this day; if not, no hours may be shown for it."""
        return self.because is not Because.NOT_CONFIRMED

    @property
    def hours(self) -> tuple[tuple[time, time], ...]:
        """The openings as the clocks of the place show them."""
        return tuple(
            (start.astimezone(self.zone).time(), end.astimezone(self.zone).time())
            for start, end in self.intervals
        )


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a channel is open at an instant, until when, and when it next opens (UTC)."""

    open: bool
    until: datetime | None
    next_opening: datetime | None
    confirmed: bool
    reason: Because
    note: str


def closure_of_days(
    first: date, last: date, zone: tzinfo, reason: str, channel: HoursChannel | None = None
) -> Closure:
    """A closure of whole local days, both included."""
    return Closure(day_bounds(first, zone)[0], day_bounds(last, zone)[1], reason, channel)


def state_at(schedule: Schedule, channel: HoursChannel, now: datetime) -> OpenState:
    """What may be said at this instant: open until, closed until, or hours not confirmed."""
    today = day_plan(schedule, channel, local_day(now, schedule.zone))
    coming = _next_opening(schedule, channel, now)
    for start, end in today.intervals:
        if start <= now < end:
            return OpenState(True, end, coming, True, today.because, today.note)
    active = [closure for closure in today.closures if _is_during(closure, now)]
    if active:
        last = _longest(active)
        return OpenState(False, last.ends_at, coming, True, Because.CLOSURE, last.reason)
    return OpenState(False, None, coming, today.confirmed, today.because, today.note)


def week_view(schedule: Schedule, channel: HoursChannel, day: date) -> tuple[DayPlan, ...]:
    """The seven days, Monday first, of the week that holds this day."""
    monday = day - timedelta(days=day.weekday())
    return tuple(day_plan(schedule, channel, monday + i * ONE_DAY) for i in range(7))


def confirmed_through(schedule: Schedule, channel: HoursChannel, day: date) -> date | None:
    """The last day, from this one on, before hours stop being declared; None when they go on.

    Looks about four months ahead; the day before this one when today already is not confirmed.
    """
    for plan in _plans_from(schedule, channel, day):
        if not plan.confirmed:
            return plan.day - ONE_DAY
    return None


def day_plan(schedule: Schedule, channel: HoursChannel, day: date) -> DayPlan:
    """The openings of one day: a closure wins over an exception, which wins over the season."""
    openings, because, note = _declared(schedule, channel, day)
    start, end = day_bounds(day, schedule.zone)
    closures = tuple(
        closure
        for closure in schedule.closures
        if closure.channel in {None, channel}
        and closure.starts_at < end
        and (closure.ends_at is None or closure.ends_at > start)
    )
    all_day = tuple(closure for closure in closures if _holds(closure, start, end))
    if all_day:
        note = _longest(all_day).reason
        return DayPlan(day, schedule.zone, (), Because.CLOSURE, note, all_day)
    instants = [
        (instant_of(day, one.opens, schedule.zone), instant_of(day, one.closes, schedule.zone))
        for one in openings
    ]
    intervals = tuple(_without(closures, in_one(instants)))
    return DayPlan(day, schedule.zone, intervals, because, note, closures)


def _declared(
    schedule: Schedule, channel: HoursChannel, day: date
) -> tuple[tuple[Opening, ...], Because, str]:
    named = [one for one in schedule.exceptions if one.day == day]
    # An exception for this very channel is more precise than one for the whole site.
    precise = [one for one in named if one.channel is channel]
    if exceptions := precise or [one for one in named if one.channel is None]:
        openings = tuple(opening for one in exceptions for opening in one.openings)
        return openings, Because.EXCEPTION, exceptions[0].reason
    holiday = schedule.territory and holiday_name(day, schedule.territory)
    if holiday:
        return (), Because.PUBLIC_HOLIDAY, holiday
    season = season_of(schedule.seasons, channel, day)
    if season is None:
        return (), Because.NOT_CONFIRMED, ""
    weekly = tuple(opening for weekday, opening in season.week if weekday == day.weekday())
    return weekly, Because.HOURS, ""


def season_of(seasons: Iterable[Season], channel: HoursChannel, day: date) -> Season | None:
    """The declared hours that count on this day, if any do."""
    # Summer hours laid over the hours of the year: the season that began last is the precise one.
    current = (one for one in seasons if one.channel is channel and one.covers(day))
    return max(current, key=lambda season: season.valid_from, default=None)


def in_one(intervals: Iterable[tuple[Moment, Moment]]) -> list[tuple[Moment, Moment]]:
    """Openings in their order, those that overlap or touch told as one."""
    merged: list[tuple[Moment, Moment]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:  # a slot inside the hour skipped in spring never happens
            merged.append((start, end))
    return merged


def _without(
    closures: Iterable[Closure], intervals: list[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    for closure in closures:
        kept: list[tuple[datetime, datetime]] = []
        for start, end in intervals:
            kept.append((start, min(end, closure.starts_at)))
            if closure.ends_at is not None:
                kept.append((max(start, closure.ends_at), end))
        intervals = [(start, end) for start, end in kept if start < end]
    return intervals


def _is_during(closure: Closure, now: datetime) -> bool:
    return closure.starts_at <= now and (closure.ends_at is None or now < closure.ends_at)


def _holds(closure: Closure, start: datetime, end: datetime) -> bool:
    return closure.starts_at <= start and (closure.ends_at is None or closure.ends_at >= end)


def _longest(closures: Iterable[Closure]) -> Closure:
    return max(closures, key=lambda closure: closure.ends_at or _NEVER)


def _next_opening(schedule: Schedule, channel: HoursChannel, now: datetime) -> datetime | None:
    for plan in _plans_from(schedule, channel, local_day(now, schedule.zone)):
        if not plan.confirmed:
            return None  # it may open that day and nobody declared it: promise nothing later
        for start, _ in plan.intervals:
            if start > now:
                return start
    return None


def _plans_from(schedule: Schedule, channel: HoursChannel, day: date) -> Iterator[DayPlan]:
    for _ in range(HORIZON_DAYS):
        if day > LAST_DAY:
            return
        plan = day_plan(schedule, channel, day)
        yield plan
        day += ONE_DAY
        if plan.because is Because.CLOSURE:
            reopens = _longest(plan.closures).ends_at
            if reopens is None:
                return
            day = local_day(reopens, schedule.zone)
