import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.quality.rules.intervals import (
    percentile,
    percentile_interval,
    survival,
    waiting_percentile,
    wilson,
)

WAITS = st.lists(st.floats(0, 10_000), min_size=1, max_size=60).map(sorted)
SHARES = st.floats(0, 1)


def test_percentiles_are_interpolated_linearly() -> None:
    waits = [0, 2, 3, 5, 8, 13, 21]

    assert percentile(waits, 0.5) == 5
    assert percentile(waits, 0.9) == pytest.approx(16.2)
    assert percentile(waits, 0) == 0
    assert percentile(waits, 1) == 21
    assert percentile([7], 0.9) == 7


@given(WAITS, SHARES, SHARES)
def test_a_percentile_stays_within_the_values_and_grows(
    waits: list[float], one: float, other: float
) -> None:
    low, high = sorted([one, other])

    assert waits[0] <= percentile(waits, low) <= percentile(waits, high) + 1e-9
    assert percentile(waits, high) <= waits[-1]


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        (0, 10, 0.0000, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (9, 10, 0.5958, 0.9821),
        (27, 30, 0.7438, 0.9654),
        (45, 50, 0.7864, 0.9565),
        (85, 100, 0.7672, 0.9069),
    ],
)
def test_wilson_gives_the_known_intervals(
    successes: int, total: int, low: float, high: float
) -> None:
    interval = wilson(successes, total)

    assert round(interval.low, 4) == low
    assert round(interval.high, 4) == high


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_narrows_with_more_answers(case: tuple[int, int]) -> None:
    successes, total = case
    interval, wider = wilson(successes * 10, total * 10), wilson(successes, total)
    mirror = wilson(total - successes, total)

    assert 0 <= wider.low <= successes / total <= wider.high <= 1
    assert interval.high - interval.low < wider.high - wider.low
    assert mirror.low == pytest.approx(1 - wider.high)


def test_no_share_without_observation() -> None:
    with pytest.raises(ValueError, match="at least one"):
        wilson(0, 0)


def test_who_gave_up_lengthens_the_corrected_median() -> None:
    served, left = [4.0, 6, 9, 12, 20], [5.0, 10, 15]

    curve = survival(served, left)

    assert [wait for wait, _ in curve] == served
    assert [round(still, 4) for _, still in curve] == [0.875, 0.7292, 0.5833, 0.3889, 0]
    assert waiting_percentile(curve, 0.5) == 12
    assert percentile(served, 0.5) == 9


def test_a_percentile_that_was_never_reached_is_unknown() -> None:
    assert waiting_percentile(survival([1.0], [2.0, 3, 4]), 0.5) is None
    assert waiting_percentile(survival([], [1.0]), 0.5) is None


@given(WAITS)
def test_without_anybody_leaving_survival_is_the_share_still_waiting(waits: list[float]) -> None:
    for wait, still in survival(waits, []):
        expected = sum(other > wait for other in waits) / len(waits)
        assert still == pytest.approx(expected, abs=1e-9)


@given(WAITS, WAITS, st.floats(0.05, 0.95))
def test_people_leaving_never_shorten_the_corrected_percentile(
    served: list[float], left: list[float], share: float
) -> None:
    alone = waiting_percentile(survival(served, []), share)
    # Whoever left is still unserved: had they stayed, they would have waited at least that long.
    corrected = waiting_percentile(survival(served, [wait + served[-1] for wait in left]), share)

    assert alone is not None
    assert corrected is None or corrected >= alone


def test_too_few_values_cannot_bound_a_percentile() -> None:
    assert percentile_interval([1.0, 2, 3, 4, 5], 0.5) is None
    assert percentile_interval([float(n) for n in range(10)], 0.9) is None


@pytest.mark.parametrize(("n", "low", "high"), [(10, 2, 9), (20, 6, 15), (50, 18, 33)])
def test_the_interval_of_a_median_uses_the_known_ranks(n: int, low: int, high: int) -> None:
    interval = percentile_interval([float(rank) for rank in range(1, n + 1)], 0.5)

    assert interval is not None
    assert (interval.low, interval.high) == (low, high)


@pytest.mark.parametrize(("n", "share"), [(30, 0.5), (80, 0.9), (400, 0.5), (400, 0.9)])
def test_the_interval_of_a_percentile_holds_the_truth_95_times_in_100(n: int, share: float) -> None:
    draw = random.Random(20260301)
    held = 0
    for _ in range(1_000):
        interval = percentile_interval(sorted(draw.random() for _ in range(n)), share)
        assert interval is not None
        held += interval.low <= share <= interval.high

    assert held >= 935
