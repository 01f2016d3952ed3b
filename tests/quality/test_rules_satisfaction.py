import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.quality.rules.intervals import wilson
from parvis.quality.rules.satisfaction import Invitations, satisfaction, satisfied


def test_satisfaction_is_the_share_of_fours_and_fives() -> None:
    measure = satisfied([5] * 20 + [4] * 7 + [3, 2, 1])

    assert (measure.numerator, measure.denominator, measure.value) == (27, 30, 0.9)
    assert measure.interval == wilson(27, 30)
    assert measure.detail == {
        "score_1": 1,
        "score_2": 1,
        "score_3": 1,
        "score_4": 7,
        "score_5": 20,
    }


def test_answers_without_a_valid_score_are_excluded_and_counted() -> None:
    measure = satisfied([5, 4, 3, 5, 5, None, None, 0, 9])

    assert measure.denominator == 5
    assert measure.excluded == {"no_score": 2, "out_of_scale": 2}


def test_four_answers_show_no_distribution() -> None:
    measure = satisfied([5, 5, 5, 1])

    assert measure.hidden
    assert measure.detail == {}


def test_response_rates_are_pooled_over_channels_without_bounces() -> None:
    sent = {"sms": Invitations(110, 10, 9), "post": Invitations(50, 0, 7)}

    result = satisfaction([5] * 16, sent, contacts=400)

    assert result.response_rate.value == pytest.approx(16 / 150)
    assert result.response_by_channel["sms"].value == pytest.approx(0.09)
    assert result.response_by_channel["post"].value == pytest.approx(0.14)
    assert result.response_rate.excluded == {"bounced": 10}
    assert result.coverage.value == pytest.approx(0.4)


def test_no_survey_at_all_gives_hidden_measures() -> None:
    assert all(measure.hidden for measure in satisfaction([], {}, contacts=0).measures)


@given(st.lists(st.none() | st.integers(-2, 8), max_size=60))
def test_every_answer_is_either_counted_or_excluded(scores: list[int | None]) -> None:
    measure = satisfied(scores)

    assert measure.denominator + sum(measure.excluded.values()) == len(scores)
    if not measure.hidden:
        assert sum(count or 0 for count in measure.detail.values()) == measure.denominator
