"""An interrupted time series against numbers that can be worked out by hand."""

import pytest

from parvis.assistant.rules.series import (
    interrupted,
    inverse,
    newey_west,
    t_quantile,
    usual_lag,
)


def test_a_step_and_a_new_slope_without_noise_are_found_as_they_are():
    before = [100.0 + 2 * t for t in range(12)]
    after = [100.0 + 2 * (12 + t) - 30 - 3 * t for t in range(10)]

    found = interrupted(before, after)

    assert found.level is not None
    assert found.slope is not None
    assert found.at_end is not None
    assert found.level.value == pytest.approx(-30)
    assert found.slope.value == pytest.approx(-3)
    assert found.at_end.value == pytest.approx(-30 - 3 * 9)
    assert found.verdict == "fewer"
    assert found.without[-1] == pytest.approx(100 + 2 * 21)


def test_seven_weeks_are_too_few_to_say_anything():
    found = interrupted([50.0] * 30, [10.0] * 7)

    assert (found.verdict, found.level) == ("early", None)


def test_weeks_that_only_go_up_and_down_say_nothing():
    wave = [50.0 + 10 * (-1) ** t for t in range(24)]

    assert interrupted(wave[:12], wave[12:]).verdict == "unclear"


def test_a_mean_has_the_variance_that_newey_and_west_give_by_hand():
    # Errors 1, 1, -1, -1 about a mean. The squares add to 4, the products of neighbours to 1:
    # 4 + 2 (1 - 1/2) 1 = 5, over n² = 16, times n/(n-k) = 4/3.
    x = [[1.0]] * 4

    assert newey_west(x, [1, 1, -1, -1], 1)[0][0] == pytest.approx(5 / 16 * 4 / 3)
    # Without a lag it is White's: 4 / 16.
    assert newey_west(x, [1, 1, -1, -1], 0)[0][0] == pytest.approx(4 / 16 * 4 / 3)


def test_students_t_is_that_of_the_tables():
    assert t_quantile(12) == pytest.approx(2.179, abs=5e-4)
    assert t_quantile(40) == pytest.approx(2.021, abs=5e-4)


def test_a_matrix_and_its_inverse():
    assert inverse([[0.0, 2.0], [4.0, 0.0]]) == [[0.0, 0.25], [0.5, 0.0]]


def test_the_lag_grows_slowly_with_the_weeks():
    assert [usual_lag(weeks) for weeks in (16, 52, 100, 156)] == [2, 3, 4, 4]
