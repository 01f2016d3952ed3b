"""Where the parts of the drawings stand; templates only write the numbers down."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from parvis.quality.rules.measures import Measure, Unit


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across a drawing, with its number."""

    y: float
    value: int
    is_goal: bool = False


@dataclass(frozen=True, slots=True)
class HourBar:
    """One hour: a point at the median, a bar up to nine in ten; neither when hidden."""

    hour: int
    middle: float
    people: int
    p50: float | None  # minutes
    p90: float | None
    top: float = 0
    height: float = 0
    point: float = 0
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class HourChart:
    """The waits of a day, hour by hour, in a drawing of 400 x 176."""

    bars: tuple[HourBar, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits that began within one hour, in seconds; None when too few."""

    hour: int
    people: int
    p50: float | None
    p90: float | None


_LEFT, _RIGHT, _TOP, _BOTTOM = 24.0, 400.0, 20.0, 150.0
BAR_WIDTH = 14


def hour_chart(hours: Sequence[Waits], goal_minutes: int | None) -> HourChart:
    """The drawing of the waits of a day; without a goal when sites have different ones."""
    highest = max([hour.p90 or 0 for hour in hours], default=0) / 60
    step = _step(max(highest, goal_minutes or 0, 1))
    ceiling = step * max(1, math.ceil(max(highest, goal_minutes or 0) / step))

    def y(minutes: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * minutes / ceiling, 1)

    ticks = [Tick(y(value), value) for value in range(0, ceiling + 1, step)]
    if goal_minutes is not None:
        apart = (ceiling / (_BOTTOM - _TOP)) * 12  # two numbers must not touch
        ticks = [tick for tick in ticks if abs(tick.value - goal_minutes) > apart]
        ticks.append(Tick(y(goal_minutes), goal_minutes, is_goal=True))
    width = (_RIGHT - _LEFT) / max(len(hours), 1)
    bars = [
        _hour_bar(hour, round(_LEFT + width * (place + 0.5), 1), goal_minutes, y)
        for place, hour in enumerate(hours)
    ]
    return HourChart(tuple(bars), tuple(ticks))


def _hour_bar(hour: Waits, middle: float, goal: int | None, y: Callable[[float], float]) -> HourBar:
    if hour.p50 is None or hour.p90 is None:
        return HourBar(hour.hour, middle, hour.people, None, None)
    p50, p90 = hour.p50 / 60, hour.p90 / 60
    top = y(p90)
    return HourBar(
        hour.hour,
        middle,
        hour.people,
        p50,
        p90,
        top=top,
        height=round(max(y(p50) - top, 1), 1),
        point=y(p50),
        is_late=goal is not None and p90 > goal,
    )


def _step(highest: float) -> int:
    return next((step for step in (5, 10, 15, 30, 60) if highest / step <= 5), 120)


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of a small multiple; without a place when there is too little to show."""

    middle: float
    measure: Measure
    point: float | None = None
    low: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True)
class Multiple:
    """Twelve months of one indicator in a drawing of 320 x 120."""

    points: tuple[MonthPoint, ...]
    floor: float
    ceiling: float
    goal: float | None


_M_LEFT, _M_RIGHT, _M_TOP, _M_BOTTOM = 42.0, 316.0, 10.0, 92.0


def multiple(measures: Sequence[Measure], goal: float | None) -> Multiple:
    """The drawing of one indicator over the months; the scale fits what is shown."""
    floor, ceiling = _scale(measures, goal)

    def y(value: float) -> float:
        share = (value - floor) / ((ceiling - floor) or 1)
        return round(_M_BOTTOM - (_M_BOTTOM - _M_TOP) * min(max(share, 0), 1), 1)

    width = (_M_RIGHT - _M_LEFT) / max(len(measures), 1)
    points = []
    for place, measure in enumerate(measures):
        middle = round(_M_LEFT + width * (place + 0.5), 1)
        if measure.value is None:
            points.append(MonthPoint(middle, measure))
            continue
        low, high = measure.interval or (measure.value, measure.value)
        top = y(high)
        points.append(
            MonthPoint(middle, measure, y(measure.value), top, round(max(y(low) - top, 1), 1))
        )
    return Multiple(tuple(points), floor, ceiling, None if goal is None else y(goal))


def _scale(measures: Iterable[Measure], goal: float | None) -> tuple[float, float]:
    """Shares begin at a round tenth below what is shown; durations at nothing."""
    shown = [measure for measure in measures if measure.value is not None]
    values = [end for one in shown for end in (one.interval or (one.value or 0.0,))]
    values += [goal] if goal is not None else []
    if not values:
        return 0.0, 1.0
    if shown and shown[0].unit is Unit.SECONDS:
        step = _step(max(values) / 60) * 60
        return 0.0, float(step * max(1, math.ceil(max(values) / step)))
    floor = math.floor(round(min(values) * 10, 6)) / 10
    ceiling = math.ceil(round(max(values) * 10, 6)) / 10
    return floor, ceiling if ceiling > floor else floor + 0.1
