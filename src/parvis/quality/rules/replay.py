"""A day of a hall, played again from what happened to its tickets."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from parvis.common.clock import elapsed_seconds

WAITING: Final = "waiting"
AT_DESK: Final = frozenset({"called", "serving"})
HELD: Final = "held"
IN_BUILDING: Final = AT_DESK | {WAITING, HELD}


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket got another state."""

    at: datetime
    ticket: int
    state: str
    desk: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody was at a moment, since when, and what came next."""

    ticket: int
    state: str
    since: datetime
    came_at: datetime
    desk: int | None = None
    next: Change | None = None

    def minutes_so_far(self, moment: datetime) -> int:
        """Whole minutes since they came to where they stand."""
        return int(elapsed_seconds(self.since, moment) // 60)

    def minutes_in_all(self) -> int | None:
        """Whole minutes until what came next; None when nothing did."""
        return int(elapsed_seconds(self.since, self.next.at) // 60) if self.next else None


@dataclass(frozen=True, slots=True)
class HallThen:
    """Everybody in the hall at one moment, the longest there first."""

    waiting: tuple[Standing, ...]
    at_desks: tuple[Standing, ...]
    held: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """How full the hall was at a moment."""

    at: datetime
    waiting: int
    received: int
    desks: int


Sitting = tuple[datetime, datetime | None]  # somebody at a desk; None: still there


def hall_at(changes: Sequence[Change], moment: datetime) -> HallThen:
    """The hall as it was; the changes come in the order of time."""
    came: dict[int, datetime] = {}
    standing: dict[int, Change] = {}
    following: dict[int, Change] = {}
    for change in changes:
        came.setdefault(change.ticket, change.at)
        if change.at <= moment:
            standing[change.ticket] = _kept(standing.get(change.ticket), change)
        else:
            following.setdefault(change.ticket, change)
    found = [
        Standing(ticket, one.state, one.at, came[ticket], one.desk, following.get(ticket))
        for ticket, one in standing.items()
        if one.state in IN_BUILDING
    ]
    found.sort(key=lambda one: (one.since, one.ticket))
    return HallThen(
        tuple(one for one in found if one.state == WAITING),
        tuple(one for one in found if one.state in AT_DESK),
        tuple(one for one in found if one.state == HELD),
    )


def _kept(before: Change | None, change: Change) -> Change:
    # Whoever is sent on before being received has been waiting all the time.
    if before is not None and before.state == change.state == WAITING:
        return before
    return change


def curve(
    changes: Sequence[Change], sittings: Iterable[Sitting], *, step: timedelta
) -> list[Point]:
    """How many waited and were received, and how many desks were open, step by step."""
    if not changes:
        return []
    sat = list(sittings)
    points: list[Point] = []
    state: dict[int, str] = {}
    counts: Counter[str] = Counter()
    place = 0
    for moment in _moments(changes[0].at, changes[-1].at, step):
        while place < len(changes) and changes[place].at <= moment:
            change = changes[place]
            counts[state.get(change.ticket, "")] -= 1
            counts[change.state] += 1
            state[change.ticket] = change.state
            place += 1
        points.append(
            Point(
                moment,
                counts[WAITING],
                sum(counts[one] for one in AT_DESK),
                sum(start <= moment and (end is None or moment < end) for start, end in sat),
            )
        )
    return points


def _moments(first: datetime, last: datetime, step: timedelta) -> Iterable[datetime]:
    seconds = int(step.total_seconds())
    moment = first - timedelta(
        seconds=int(first.timestamp()) % seconds, microseconds=first.microsecond
    )
    while moment < last + step:
        yield moment
        moment += step


def fullest(points: Sequence[Point]) -> datetime | None:
    """The moment at which most people waited, the first such; None of an empty day."""
    return max(points, key=lambda point: point.waiting).at if points else None


@dataclass(frozen=True, slots=True)
class Drawing:
    """The curve in a drawing of 720 x 180: outlines as the paths of an image write them."""

    waiting: str
    desks: str
    ticks: tuple[tuple[float, int], ...]
    hours: tuple[tuple[float, datetime], ...]
    marker: float | None


_LEFT, _RIGHT, _TOP, _BOTTOM = 28.0, 716.0, 12.0, 150.0


def drawing(points: Sequence[Point], moment: datetime | None) -> Drawing | None:
    """Where the outlines of the waiting people and of the open desks stand."""
    if len(points) < 2:
        return None
    highest = max(max(point.waiting, point.desks) for point in points)
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 10**9) if highest / size <= 5)
    ceiling = max(step, -(-highest // step) * step)
    first, last = points[0].at, points[-1].at
    width = (_RIGHT - _LEFT) / elapsed_seconds(first, last)

    def x(at: datetime) -> float:
        return round(_LEFT + elapsed_seconds(first, at) * width, 1)

    def y(value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * value / ceiling, 1)

    area = " ".join(f"L{x(p.at)} {y(p.waiting)}" for p in points)
    stairs = " ".join(f"H{x(p.at)} V{y(p.desks)}" for p in points[1:])
    return Drawing(
        waiting=f"M{_LEFT} {_BOTTOM} {area} L{_RIGHT} {_BOTTOM} Z",
        desks=f"M{_LEFT} {y(points[0].desks)} {stairs}",
        ticks=tuple((y(value), value) for value in range(0, ceiling + 1, step)),
        hours=tuple((x(p.at), p.at) for p in points if p.at.minute == 0 and p.at.second == 0),
        marker=x(moment) if moment is not None and first <= moment <= last else None,
    )
