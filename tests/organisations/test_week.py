"""Opening hours as colleagues type them."""

from datetime import time

import pytest

from parvis.organisations.rules import NotHours, Opening, parse_openings, show_openings

MORNING = Opening(time(8, 30), time(12, 30))
AFTERNOON = Opening(time(13, 30), time(17))


@pytest.mark.parametrize(
    "text",
    [
        "8:30-12:30, 13:30-17:00",
        "8h30-12h30 / 13h30-17h",
        "8 h 30 – 12 h 30 ; 13 h 30 – 17 h",
        "8.30 à 12.30 et 13.30 à 17",
        "13:30-17:00, 8:30-12:30",
        "08:30 to 12:30 and 13:30 to 17:00",
    ],
)
def test_hours_are_read_however_they_are_written(text):
    assert parse_openings(text) == (MORNING, AFTERNOON)


@pytest.mark.parametrize("text", ["", "   ", "\u00a0"])
def test_nothing_means_closed(text):
    assert parse_openings(text) == ()


@pytest.mark.parametrize(
    "text",
    ["8:30", "matin", "25:00-26:00", "12:00-8:00", "8:00-8:00", "8-12, 11-14", "8:30-12:3", ","],
)
def test_what_cannot_be_hours_is_refused(text):
    with pytest.raises(NotHours):
        parse_openings(text)


def test_hours_are_shown_as_they_may_be_typed_again():
    shown = show_openings((MORNING, AFTERNOON))

    assert shown == "08:30-12:30, 13:30-17:00"
    assert parse_openings(shown) == (MORNING, AFTERNOON)
