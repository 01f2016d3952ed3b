import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.quality.definitions import DEFINITIONS
from parvis.quality.rules import (
    answers,
    memory,
    promises,
    resolution,
    satisfaction,
    service,
    waiting,
)
from parvis.quality.rules.intervals import wilson
from parvis.quality.rules.measures import (
    Indicator,
    Tally,
    Unit,
    Verdict,
    answers_needed,
    duration_of,
    pooled,
    share_of,
    verdict,
)

SHARE = Indicator("TEST", 3, Unit.SHARE)
WAIT = Indicator("TEST-WAIT", 1, Unit.SECONDS)
TALLIES = st.integers(0, 300).flatmap(
    lambda total: st.builds(Tally, st.integers(0, total), st.just(total))
)


def test_below_five_no_value_is_carried_at_all() -> None:
    measure = share_of(SHARE, Tally(4, 4), excluded={"unlinkable": 2}, detail={"score_5": 4})

    assert measure.hidden
    assert (measure.value, measure.numerator, measure.interval) == (None, None, None)
    assert measure.detail == {}
    assert (measure.denominator, measure.excluded) == (4, {"unlinkable": 2})


@pytest.mark.parametrize(
    ("total", "few", "hidden"), [(0, 0, 1), (4, 0, 1), (5, 1, 0), (29, 1, 0), (30, 0, 0)]
)
def test_few_answers_are_said_to_be_few(total: int, few: int, hidden: int) -> None:
    for measure in (
        share_of(SHARE, Tally(total, total), excluded={}),
        duration_of(WAIT, [1.0] * total, excluded={}),
    ):
        assert (measure.few, measure.hidden) == (bool(few), bool(hidden))
        assert (measure.value is None) == measure.hidden


def test_a_measure_tells_what_it_was_computed_from() -> None:
    measure = share_of(SHARE, Tally(27, 30), excluded={})

    assert (measure.code, measure.version, measure.unit) == ("TEST", 3, Unit.SHARE)
    assert (measure.value, measure.numerator, measure.denominator) == (0.9, 27, 30)
    assert measure.interval == wilson(27, 30)


def test_sites_are_pooled_by_their_counts_and_not_by_their_percentages() -> None:
    small, large = Tally(10, 10), Tally(300, 1_000)

    together = share_of(SHARE, pooled([small, large]), excluded={})

    assert together.value == pytest.approx(310 / 1_010)


@given(st.lists(TALLIES, max_size=8))
def test_pooling_is_counting_everything_once(tallies: list[Tally]) -> None:
    together = pooled(tallies)

    assert together.successes == sum(one.successes for one in tallies)
    assert together.total == sum(one.total for one in tallies)


@pytest.mark.parametrize(
    ("successes", "total", "goal", "expected"),
    [
        (95, 100, 0.85, Verdict.KEPT),
        (90, 100, 0.85, Verdict.CANNOT_CONCLUDE),
        (85, 100, 0.85, Verdict.CANNOT_CONCLUDE),
        (70, 100, 0.85, Verdict.NOT_KEPT),
        (4, 4, 0.2, Verdict.CANNOT_CONCLUDE),  # hidden: no verdict either
    ],
)
def test_a_share_is_judged_by_its_whole_interval(
    successes: int, total: int, goal: float, expected: Verdict
) -> None:
    assert verdict(share_of(SHARE, Tally(successes, total), excluded={}), goal) is expected


@pytest.mark.parametrize(
    ("goal", "expected"),
    [(900, Verdict.KEPT), (500, Verdict.CANNOT_CONCLUDE), (100, Verdict.NOT_KEPT)],
)
def test_a_wait_has_to_stay_within_its_goal(goal: float, expected: Verdict) -> None:
    measure = duration_of(WAIT, [float(n * 10) for n in range(100)], excluded={})

    assert verdict(measure, goal, at_least=False) is expected


@given(TALLIES, st.floats(0.01, 0.99))
def test_the_answers_needed_are_just_enough(tally: Tally, goal: float) -> None:
    needed = answers_needed(tally, goal)

    if needed is not None:
        share = tally.successes / tally.total

        def settles(total: int) -> bool:
            interval = wilson(share * total, total)
            return interval.low >= goal or interval.high < goal

        assert settles(tally.total + needed)
        assert needed == 0 or not settles(tally.total + needed - 1)


def test_no_number_of_answers_settles_a_share_on_its_goal() -> None:
    assert answers_needed(Tally(85, 100), 0.85) is None
    assert answers_needed(Tally(), 0.85) is None
    assert answers_needed(Tally(99, 100), 0.5) == 0


def test_every_indicator_has_a_definition_under_its_code() -> None:
    declared = {
        value.code: value
        for module in (waiting, promises, service, resolution, satisfaction, answers, memory)
        for value in vars(module).values()
        if isinstance(value, Indicator)
    }

    assert set(DEFINITIONS) == set(declared)
    for code, definition in DEFINITIONS.items():
        assert definition.indicator is declared[code]
        assert definition.name
        assert definition.text.endswith(".")
