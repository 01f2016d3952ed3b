"""Did the calls change when the assistant opened? An interrupted time series, and its limits.

Segmented regression of weekly counts: a level and a slope before, a change of both after (Wagner,
Soumerai, Zhang, Ross-Degnan: Segmented regression analysis of interrupted time series studies in
medication use research, J Clin Pharm Ther 27, 2002). One week resembles the next, so the
covariance is that of Newey and West (A simple, positive semi-definite, heteroskedasticity and
autocorrelation consistent covariance matrix, Econometrica 55, 1987) with Bartlett's weights and
n/(n-k). At least eight weeks on either side (Penfold, Zhang: Use of interrupted time series
analysis in evaluating health care quality improvements, Acad Pediatr 13, 2013).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_WEEKS = 8  # on either side
YEAR = 52
Matrix = list[list[float]]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out "no change"."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Series:
    """What the weeks before and after say, or that they say nothing yet."""

    before: int
    after: int
    verdict: str  # early, fewer, more or unclear
    season: bool = True  # less than a year on one side: a season may look like an effect
    level: Estimate | None = None  # at once, calls a week
    slope: Estimate | None = None  # from then on, calls a week more with each week
    at_end: Estimate | None = None  # both together, in the last week seen
    fitted: Sequence[float] = ()
    without: Sequence[float] = ()  # as the weeks before would have gone on


def interrupted(before: Sequence[float], after: Sequence[float]) -> Series:
    """Compare the weeks before the opening with those after it; pure, and the same every time."""
    n_before, n_after = len(before), len(after)
    season = min(n_before, n_after) < YEAR
    if min(n_before, n_after) < LEAST_WEEKS:
        return Series(n_before, n_after, "early", season)
    y = [*before, *after]
    x = [[1.0, float(t), float(t >= n_before), float(max(0, t - n_before))] for t in range(len(y))]
    found = least_squares(x, y)
    errors = [value - _dot(row, found) for row, value in zip(x, y, strict=True)]
    covariance = newey_west(x, errors, usual_lag(len(y)))
    times = t_quantile(len(y) - 4)
    ends = [0.0, 0.0, 1.0, float(n_after - 1)]
    level = _estimate([0.0, 0.0, 1.0, 0.0], found, covariance, times)
    slope = _estimate([0.0, 0.0, 0.0, 1.0], found, covariance, times)
    at_end = _estimate(ends, found, covariance, times)
    verdict = "unclear" if not at_end.is_clear else "fewer" if at_end.value < 0 else "more"
    return Series(
        n_before,
        n_after,
        verdict,
        season,
        level,
        slope,
        at_end,
        fitted=[_dot(row, found) for row in x],
        without=[_dot([1.0, row[1], 0.0, 0.0], found) for row in x],
    )


def usual_lag(weeks: int) -> int:
    """How many weeks back a week is taken to resemble: 4 (n/100)^(2/9), rounded down."""
    return int(4 * (weeks / 100) ** (2 / 9))


def least_squares(x: Sequence[Sequence[float]], y: Sequence[float]) -> list[float]:
    """The coefficients with the smallest sum of squared errors."""
    moments = [_dot([row[i] for row in x], y) for i in range(len(x[0]))]
    return [_dot(row, moments) for row in inverse(_squares(x))]


def newey_west(x: Sequence[Sequence[float]], errors: Sequence[float], lag: int) -> Matrix:
    """The covariance of the coefficients when errors resemble those of ``lag`` steps before."""
    n, k = len(x), len(x[0])
    scores = [[value * error for value in row] for row, error in zip(x, errors, strict=True)]
    middle = _squares(scores)
    for step in range(1, lag + 1):
        weight = 1 - step / (lag + 1)
        for now, then in zip(scores[step:], scores, strict=False):
            for i in range(k):
                for j in range(k):
                    middle[i][j] += weight * (now[i] * then[j] + then[i] * now[j])
    outside = inverse(_squares(x))
    found = _times(_times(outside, middle), outside)
    return [[value * n / (n - k) for value in row] for row in found]


def t_quantile(freedom: int) -> float:
    """97.5 % of Student's t, from the normal one (Abramowitz, Stegun, 26.7.5)."""
    z = 1.959963984540054
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    powers = (float(freedom) ** power for power in (1, 2, 3))
    return z + sum(term / power for term, power in zip(terms, powers, strict=True))


def inverse(matrix: Sequence[Sequence[float]]) -> Matrix:
    """The inverse of a small regular matrix, by elimination."""
    size = len(matrix)
    rows = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for n in range(size):
        best = max(range(n, size), key=lambda m: abs(rows[m][n]))
        rows[n], rows[best] = rows[best], rows[n]
        pivot = rows[n][n]
        rows[n] = [value / pivot for value in rows[n]]
        for m in range(size):
            if m != n and rows[m][n]:
                factor = rows[m][n]
                rows[m] = [a - factor * b for a, b in zip(rows[m], rows[n], strict=True)]
    return [row[size:] for row in rows]


def _estimate(
    weights: Sequence[float], found: Sequence[float], covariance: Matrix, times: float
) -> Estimate:
    value = _dot(weights, found)
    spread = sum(
        a * b * covariance[i][j] for i, a in enumerate(weights) for j, b in enumerate(weights)
    )
    half = times * math.sqrt(max(0.0, spread))
    return Estimate(value, value - half, value + half)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _squares(x: Sequence[Sequence[float]]) -> Matrix:
    size = len(x[0])
    return [[sum(row[i] * row[j] for row in x) for j in range(size)] for i in range(size)]


def _times(one: Matrix, other: Matrix) -> Matrix:
    columns = list(zip(*other, strict=True))
    return [[_dot(row, column) for column in columns] for row in one]
