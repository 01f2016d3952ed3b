"""When people come and how long they wait: the week as a map of its half-hours."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from parvis.quality.rules.intervals import percentile
from parvis.quality.rules.measures import HIDDEN_BELOW

HALF_HOUR: Final = 1800  # seconds


@dataclass(frozen=True, slots=True)
class HalfHour:
    """Who came in one half-hour: how many, how many gave up, and the waits in seconds."""

    slot: int  # half-hours since 1970
    people: int
    gone: int
    waits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A half-hour of a week: Monday is 0, half past nine is 19."""

    weekday: int
    half_hour: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What happened in one place of the week over a period; waits in seconds."""

    place: Place
    people: int
    days: int  # on which somebody came at all on that weekday
    gone: int
    p50: float | None  # None when too few were received
    p90: float | None

    @property
    def per_day(self) -> float:
        """How many people come in this half-hour of a usual such day."""
        return self.people / self.days if self.days else 0.0

    @property
    def gone_share(self) -> float | None:
        """The share that gave up; None when too few came."""
        return self.gone / self.people if self.people >= HIDDEN_BELOW else None


@dataclass(slots=True)
class _Gathered:
    people: int = 0
    gone: int = 0
    waits: list[int] = field(default_factory=list)

    def add(self, half_hour: HalfHour) -> None:
        self.people += half_hour.people
        self.gone += half_hour.gone
        self.waits += half_hour.waits


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The cells of a week, and the half-hours and weekdays that have any."""

    cells: dict[Place, Cell]
    weekdays: tuple[int, ...]
    half_hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OneDay:
    """The same half-hour on one day."""

    day: date
    people: int
    gone: int
    p50: float | None
    p90: float | None


def heat_map(half_hours: Iterable[HalfHour], zone: tzinfo) -> HeatMap:
    """Gather a period's arrivals by weekday and half-hour of the clocks of the place."""
    gathered: dict[Place, _Gathered] = defaultdict(_Gathered)
    days: dict[int, set[date]] = defaultdict(set)
    for one in half_hours:
        moment = _moment(one.slot, zone)
        place = _place(moment)
        days[place.weekday].add(moment.date())
        gathered[place].add(one)
    cells = {
        place: Cell(place, one.people, len(days[place.weekday]), one.gone, *_spread(one.waits))
        for place, one in gathered.items()
    }
    halves = [place.half_hour for place in cells]
    return HeatMap(
        cells,
        tuple(sorted(days)),
        tuple(range(min(halves), max(halves) + 1)) if halves else (),
    )


def days_of(half_hours: Iterable[HalfHour], place: Place, zone: tzinfo) -> list[OneDay]:
    """The days behind one place of the map, latest first."""
    found: dict[date, _Gathered] = defaultdict(_Gathered)
    for one in half_hours:
        moment = _moment(one.slot, zone)
        if _place(moment) == place:
            # The half-hour that happens twice on an autumn night is one to whoever looks back.
            found[moment.date()].add(one)
    return [
        OneDay(day, one.people, one.gone, *_spread(one.waits))
        for day, one in sorted(found.items(), reverse=True)
    ]


def level(value: float, steps: Iterable[float]) -> int:
    """How many of the steps a value has passed: the shade of its cell."""
    return sum(value > step for step in steps)


def crowd_steps(values: Iterable[float]) -> tuple[float, ...]:
    """Four steps that cut the values into fifths of the largest one."""
    highest = max(values, default=0.0)
    return tuple(highest * share / 5 for share in range(1, 5))


def wait_steps(goal_seconds: float) -> tuple[float, ...]:
    """Half the goal, the goal, and half as much and twice as much beyond; in whole minutes.

    Below three minutes some of them are the same minute: then there are fewer steps.
    """
    minutes = {max(1, int(goal_seconds * factor / 60 + 0.5)) for factor in (0.5, 1, 1.5, 2)}
    return tuple(minute * 60.0 for minute in sorted(minutes))


def _moment(slot: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(slot * HALF_HOUR, tz=UTC).astimezone(zone)


def _place(moment: datetime) -> Place:
    return Place(moment.weekday(), moment.hour * 2 + (moment.minute >= 30))


def _spread(waits: list[int]) -> tuple[float | None, float | None]:
    if len(waits) < HIDDEN_BELOW:
        return None, None
    ordered = sorted(waits)
    return percentile(ordered, 0.5), percentile(ordered, 0.9)
