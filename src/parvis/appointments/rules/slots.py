"""Which slots are free: rota within opening hours, minus blocked time, minus what is taken.

Time is cut into ticks of five minutes of UTC, so that the night on which clocks change needs no
special care: an hour that happens twice has twelve ticks more, one that is skipped has none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

from parvis.common.clock import instant_of

TICK_MINUTES: Final = 5
TICK_SECONDS: Final = TICK_MINUTES * 60

Interval = tuple[datetime, datetime]
Taken = Mapping[int, Set[int]]  # by tick: the places that are taken


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """A line of the rota: weekday (Monday is 0), hours of the place, people at once, validity."""

    weekday: int
    opens: time
    closes: time
    seats: int
    valid_from: date
    valid_until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether this line holds on that day."""
        is_valid = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return is_valid and self.weekday == day.weekday()


@dataclass(frozen=True, slots=True)
class SpecialHours:
    """What holds on one date instead of the rota; without hours, nobody is received."""

    day: date
    opens: time | None
    closes: time | None
    seats: int = 1


@dataclass(frozen=True, slots=True)
class Blocked:
    """Time taken out: so many places, or all of them."""

    starts_at: datetime
    ends_at: datetime
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What one tick holds: places that exist, and how many of them may be used."""

    places: int
    usable: int


@dataclass(frozen=True, slots=True)
class Need:
    """What one appointment takes, in ticks: its length, and what is kept free after it."""

    length: int
    after: int = 0

    @classmethod
    def of_minutes(cls, minutes: int, buffer: int = 0) -> "Need":
        """The ticks that so many minutes take; a begun tick counts whole."""
        return cls(max(1, -(-minutes // TICK_MINUTES)), -(-buffer // TICK_MINUTES))


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that may be booked, and how many people could."""

    starts_at: datetime
    free: int


def tick_of(instant: datetime) -> int:
    """The tick in which an instant lies."""
    return int(instant.timestamp()) // TICK_SECONDS


def instant_of_tick(tick: int) -> datetime:
    """The instant at which a tick begins."""
    return datetime.fromtimestamp(tick * TICK_SECONDS, UTC)


def is_on_tick(instant: datetime) -> bool:
    """Whether an instant is the beginning of a tick; nothing begins in between."""
    return instant.timestamp() % TICK_SECONDS == 0


def room_of_day(
    day: date,
    zone: tzinfo,
    *,
    rota: Iterable[WeeklyHours],
    special: Iterable[SpecialHours],
    openings: Sequence[Interval],
    blocked: Iterable[Blocked],
) -> dict[int, Room]:
    """How many people may be received at once, tick by tick, on one local day."""
    places: Counter[int] = Counter()
    for opens, closes, seats in _hours_of(day, rota, special):
        within = (instant_of(day, opens, zone), instant_of(day, closes, zone))
        for start, end in _common(within, openings):
            for tick in _whole_ticks(start, end):
                places[tick] += seats
    out = _taken_out(blocked, places)
    return {tick: Room(n, max(0, n - out.get(tick, 0))) for tick, n in sorted(places.items())}


def free_place(room: Mapping[int, Room], taken: Taken, tick: int, need: Need) -> int | None:
    """The place that an appointment starting at this tick would take; None when there is none.

    Its own time must lie within the rota; what is kept free after it may lie beyond.
    """
    places = free_places(room, taken, tick, need)
    return places[0] if places else None


def free_places(room: Mapping[int, Room], taken: Taken, tick: int, need: Need) -> list[int]:
    """All the places that could receive somebody from this tick on, the lowest number first."""
    own = range(tick, tick + need.length)
    if any(t not in room for t in own):
        return []
    most = min(room[t].places for t in own)
    wanted = range(tick, tick + need.length + need.after)
    gone = set().union(*(taken.get(t, ()) for t in wanted))
    left = min(room[t].usable - len(taken.get(t, ())) for t in own)
    found = [place for place in range(1, most + 1) if place not in gone]
    return found[: max(0, left)]


def free_slots(
    room: Mapping[int, Room], taken: Taken, need: Need, *, earliest: datetime, latest: datetime
) -> list[Slot]:
    """The starts that may be booked: one after the other from the beginning of each opening."""
    slots = []
    for tick in _starts(room, need):
        starts_at = instant_of_tick(tick)
        if not earliest <= starts_at < latest:
            continue
        free = len(free_places(room, taken, tick, need))
        if free:
            slots.append(Slot(starts_at, free))
    return slots


def nearest(slots: Iterable[Slot], wanted: datetime, count: int = 3) -> list[Slot]:
    """The slots closest to a wanted time, in the order of the clock."""
    close = sorted(slots, key=lambda slot: (abs(slot.starts_at - wanted), slot.starts_at))
    return sorted(close[:count], key=lambda slot: slot.starts_at)


def _hours_of(
    day: date, rota: Iterable[WeeklyHours], special: Iterable[SpecialHours]
) -> list[tuple[time, time, int]]:
    named = [one for one in special if one.day == day]
    if named:
        return [(one.opens, one.closes, one.seats) for one in named if one.opens and one.closes]
    return [(one.opens, one.closes, one.seats) for one in rota if one.covers(day)]


def _common(within: Interval, openings: Sequence[Interval]) -> list[Interval]:
    starts, ends = within
    common = [(max(starts, start), min(ends, end)) for start, end in openings]
    return [(start, end) for start, end in common if start < end]


def _whole_ticks(start: datetime, end: datetime) -> range:
    return range(-(-int(start.timestamp()) // TICK_SECONDS), tick_of(end))


def _taken_out(blocked: Iterable[Blocked], places: Mapping[int, int]) -> dict[int, int]:
    out: Counter[int] = Counter()
    for one in blocked:
        first, last = tick_of(one.starts_at), -(-int(one.ends_at.timestamp()) // TICK_SECONDS)
        for tick in places.keys() & set(range(first, last)):
            out[tick] += places[tick] if one.seats is None else one.seats
    return out


def _starts(room: Mapping[int, Room], need: Need) -> list[int]:
    starts: list[int] = []
    step = need.length + need.after
    before, grid = None, 0
    for tick in sorted(room):
        if before is None or tick != before + 1:
            grid = tick
        if (tick - grid) % step == 0:
            starts.append(tick)
        before = tick
    return starts
