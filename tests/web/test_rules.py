from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parvis.web import rules

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_black_on_white_has_the_highest_contrast():
    assert round(rules.contrast("#000000", "#ffffff")) == 21
    assert rules.contrast("#777777", "#777777") == 1


@given(COLOURS, COLOURS)
def test_contrast_does_not_depend_on_which_is_the_ground(one: str, other: str):
    assert rules.contrast(one, other) == rules.contrast(other, one)


@given(COLOURS, COLOURS)
def test_whatever_a_town_chooses_words_stay_legible(action: str, deep: str):
    shades = rules.light_shades(action, deep)

    assert rules.contrast(shades.action, "#ffffff") >= 4.5


def test_the_bar_stops_at_the_ends_of_its_scale():
    bar = rules.interval_bar(120.0, 40.0, 130.0, None, (50.0, 100.0))

    assert bar == rules.interval_bar(100.0, 50.0, 100.0, None, (50.0, 100.0))


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_late_gesture_was_made_when_the_browser_says():
    assert rules.made_at(NOON - 2 * MINUTE, NOON) == NOON - 2 * MINUTE


def test_a_clock_that_jumped_makes_no_gesture_of_the_future():
    assert rules.made_at(NOON + 60 * MINUTE, NOON) == NOON


def test_what_waited_more_than_an_hour_has_no_time_any_more():
    assert rules.made_at(NOON - 61 * MINUTE, NOON) is None
