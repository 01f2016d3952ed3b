"""Statistics that the indicators share: percentiles, Wilson's interval, Kaplan-Meier."""

import math
from collections.abc import Sequence

from parvis.common.intervals import Interval, Z, percentile, wilson

__all__ = [
    "Interval",
    "percentile",
    "percentile_interval",
    "survival",
    "waiting_percentile",
    "wilson",
]

_EXACT_BELOW = 100
_TOLERANCE = 1e-12


def percentile_interval(ordered: Sequence[float], share: float) -> Interval | None:
    """95 % interval of a percentile between two of the sorted values (order statistics).

    Needs no shape of the distribution; None when there are too few values to bound it.
    """
    n = len(ordered)
    low, high = _exact_ranks(n, share) if n < _EXACT_BELOW else _normal_ranks(n, share)
    if low < 1 or high > n:
        return None
    return Interval(ordered[low - 1], ordered[high - 1])


def _exact_ranks(n: int, share: float) -> tuple[int, int]:
    # Binomial: greatest low with P(X < low) <= 2.5 %, least high with P(X < high) >= 97.5 %.
    low, high, below = 0, n + 1, 0.0
    for hits in range(n):
        below += math.comb(n, hits) * share**hits * (1 - share) ** (n - hits)
        if below <= 0.025:
            low = hits + 1
        if below >= 0.975:
            high = hits + 1
            break
    return low, high


def _normal_ranks(n: int, share: float) -> tuple[int, int]:
    spread = Z * math.sqrt(n * share * (1 - share))
    return math.floor(n * share - spread), math.ceil(n * share + spread) + 1


def survival(served: Sequence[float], left: Sequence[float]) -> list[tuple[float, float]]:
    """Kaplan-Meier: at each wait that was served, the share still waiting if nobody gave up.

    Who left counts as waiting until then and is unknown afterwards (censored).
    """
    events = sorted([(wait, False) for wait in served] + [(wait, True) for wait in left])
    curve: list[tuple[float, float]] = []
    waiting, share, place = len(events), 1.0, 0
    while place < len(events):
        wait, start = events[place][0], place
        done = 0
        while place < len(events) and events[place][0] == wait:
            done += not events[place][1]
            place += 1
        if done:
            share *= 1 - done / waiting
            curve.append((wait, share))
        waiting -= place - start
    return curve


def waiting_percentile(curve: Sequence[tuple[float, float]], share: float) -> float | None:
    """The shortest wait by which this share would have been served; None if never reached."""
    return next((wait for wait, still in curve if still <= 1 - share + _TOLERANCE), None)
