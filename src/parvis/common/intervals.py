"""Shares and middles with what they are worth: Wilson's interval, percentiles."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Z: Final = 1.96  # 95 %
HIDDEN_BELOW: Final = 5  # so few could single somebody out
FEW_BELOW: Final = 30  # shown, and said to be few


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which two values the truth lies, 95 times in 100."""

    low: float
    high: float

    def __iter__(self) -> Iterator[float]:
        yield self.low
        yield self.high


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share lies, interpolated linearly (type 7 of Hyndman and Fan).

    The values come sorted, and there is at least one; the result has their unit.
    """
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def wilson(successes: float, total: float, z: float = Z) -> Interval:
    """Wilson's score interval of a share, between 0 and 1 (95 % with z = 1.96)."""
    if total <= 0:
        raise ValueError("a share needs at least one observation")
    share = successes / total
    square = z * z / total
    middle = share + square / 2
    spread = z * math.sqrt(share * (1 - share) / total + square / (4 * total))
    low, high = (middle - spread) / (1 + square), (middle + spread) / (1 + square)
    # Rounding must not push the bound past the share itself at 0 and at 1.
    return Interval(max(0.0, min(low, share)), min(1.0, max(high, share)))
