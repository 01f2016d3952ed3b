"""What every indicator gives back, how much of it may be shown, and the verdict on a goal."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from parvis.common import intervals
from parvis.quality.rules.intervals import Interval, percentile, percentile_interval, wilson

HIDDEN_BELOW: Final = intervals.HIDDEN_BELOW
FEW_BELOW: Final = intervals.FEW_BELOW
_MOST_ANSWERS: Final = 10_000_000

Detail = Mapping[str, int | float | None]
Counts = Mapping[str, int]


class Unit(StrEnum):
    """What a value is counted in: a share from 0 to 1, or seconds."""

    SHARE = "share"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Indicator:
    """Which definition a value follows; the version grows when the computation changes."""

    code: str
    version: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Measure:
    """One value of an indicator, with all that is needed to believe it.

    A hidden one (fewer than five) carries no value at all, so that no page can leak it.
    """

    code: str
    version: int
    value: float | None
    unit: Unit
    numerator: int | None
    denominator: int
    interval: Interval | None
    excluded: Counts
    few: bool
    hidden: bool
    detail: Detail


@dataclass(frozen=True, slots=True)
class Tally:
    """So many out of so many: what is added up, because percentages must never be averaged."""

    successes: int = 0
    total: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.successes + other.successes, self.total + other.total)


class Verdict(StrEnum):
    """Three states, never two: an interval that straddles the goal allows no conclusion."""

    KEPT = "kept"
    NOT_KEPT = "not_kept"
    CANNOT_CONCLUDE = "cannot_conclude"


@dataclass(frozen=True, slots=True)
class _Shown:
    value: float | None
    interval: Interval | None
    numerator: int | None = None
    detail: Detail = field(default_factory=dict)


def pooled(tallies: Iterable[Tally]) -> Tally:
    """Several sites or months as one: the counts are added, the share is taken afterwards."""
    return sum(tallies, Tally())


def share_of(
    indicator: Indicator, tally: Tally, *, excluded: Counts, detail: Detail | None = None
) -> Measure:
    """A share between 0 and 1 with Wilson's 95 % interval."""
    if not tally.total:
        return _measure(indicator, 0, None, excluded=excluded)
    shown = _Shown(
        value=tally.successes / tally.total,
        interval=wilson(tally.successes, tally.total),
        numerator=tally.successes,
        detail=detail or {},
    )
    return _measure(indicator, tally.total, shown, excluded=excluded)


def duration_of(
    indicator: Indicator,
    seconds: Sequence[float],
    *,
    share: float = 0.5,
    excluded: Counts,
    detail: Detail | None = None,
) -> Measure:
    """A percentile of durations in seconds (the median unless said), with its 95 % interval."""
    if not seconds:
        return _measure(indicator, 0, None, excluded=excluded)
    ordered = sorted(seconds)
    shown = _Shown(
        value=percentile(ordered, share),
        interval=percentile_interval(ordered, share),
        detail={**spread_of(ordered), **(detail or {})},
    )
    return _measure(indicator, len(ordered), shown, excluded=excluded)


def spread_of(ordered: Sequence[float]) -> Detail:
    """Median, nine in ten, longest and mean of sorted durations, in seconds (None when empty)."""
    if not ordered:
        return {"p50": None, "p90": None, "max": None, "mean": None}
    return {
        "p50": percentile(ordered, 0.5),
        "p90": percentile(ordered, 0.9),
        "max": ordered[-1],
        "mean": math.fsum(ordered) / len(ordered),
    }


def _measure(
    indicator: Indicator, total: int, shown: _Shown | None, *, excluded: Counts
) -> Measure:
    """Apply the rule of display: below five nothing is shown, below thirty it says "few"."""
    hidden = total < HIDDEN_BELOW or shown is None
    kept = shown if shown is not None and not hidden else _Shown(None, None)
    return Measure(
        code=indicator.code,
        version=indicator.version,
        value=kept.value,
        unit=indicator.unit,
        numerator=kept.numerator,
        denominator=total,
        interval=kept.interval,
        excluded=excluded,
        few=HIDDEN_BELOW <= total < FEW_BELOW,
        hidden=hidden,
        detail=kept.detail,
    )


def verdict(measure: Measure, goal: float, *, at_least: bool = True) -> Verdict:
    """Kept or not kept only when the whole interval lies on one side of the goal.

    With at_least the value should reach the goal (a share); without, stay within it (a wait).
    """
    if measure.hidden or measure.interval is None:
        return Verdict.CANNOT_CONCLUDE
    low, high = measure.interval.low, measure.interval.high
    if (low >= goal) if at_least else (high <= goal):
        return Verdict.KEPT
    if (high < goal) if at_least else (low > goal):
        return Verdict.NOT_KEPT
    return Verdict.CANNOT_CONCLUDE


def answers_needed(tally: Tally, goal: float) -> int | None:
    """How many more answers would settle the verdict if the share stayed as it is.

    0 when it is settled already; None when the share is on the goal or there is no answer yet.
    """
    if not tally.total or tally.successes == goal * tally.total:
        return None
    share = tally.successes / tally.total

    def settles(total: int) -> bool:
        interval = wilson(share * total, total)
        return interval.low >= goal or interval.high < goal

    low, high = tally.total, tally.total
    while not settles(high):
        low, high = high, high * 2
        if high > _MOST_ANSWERS:
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if settles(middle) else (middle + 1, high)
    return high - tally.total
