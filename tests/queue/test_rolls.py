"""What a line of the paper sheet may say."""

from datetime import time
from typing import Any

import pytest

from parvis.queue.rules import rolls
from tests.queue.factories import at

NOW = at(240)


def line(row: int = 0, number: int = 1, **changes: Any) -> rolls.Line:
    said: dict[str, Any] = {"arrived": at(0), "called": at(10), "ended": at(20)}
    return rolls.Line(row, number, **{**said, "outcome": "resolved", **changes})


def kinds(*lines: rolls.Line, **known: Any) -> list[str]:
    return [doubt.kind for doubt in rolls.doubts(lines, now=NOW, **known)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("912", time(9, 12)),
        ("0912", time(9, 12)),
        ("9:12", time(9, 12)),
        ("9h12", time(9, 12)),
        ("9 h 12", time(9, 12)),
        ("09.12", time(9, 12)),
        ("9", time(9, 0)),
        (" 14:05 ", time(14, 5)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed, meant):
    assert rolls.parse_clock(typed) == meant


@pytest.mark.parametrize("typed", ["", "25:00", "9:60", "99", "9:1", "neuf", "12345", "-9:12"])
def test_what_is_no_time_is_none(typed):
    assert rolls.parse_clock(typed) is None


def test_a_plain_line_is_right():
    assert kinds(line()) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"called": at(-1)}, "called_early"),
        ({"ended": at(5)}, "ended_early"),
        ({"arrived": at(300), "called": None, "ended": None, "outcome": "left"}, "future"),
        ({"ended": at(300)}, "future"),
        ({"called": None}, "no_call"),
        ({"ended": None}, "no_end"),
        ({"number": 1000}, "number"),
        ({"number": 0}, "number"),
    ],
)
def test_what_cannot_be_is_told(changes, kind):
    assert kind in kinds(line(**changes))


def test_who_left_or_did_not_come_needs_no_end():
    assert kinds(line(called=None, ended=None, outcome="left")) == []
    assert kinds(line(ended=None, outcome="no_show")) == []


def test_a_number_stands_once_on_the_sheet_and_in_the_book():
    assert kinds(line(0), line(1)) == ["twice"]
    assert kinds(line(), known={1}) == ["known"]


def test_a_roll_is_torn_off_in_order():
    early = line(1, 2, arrived=at(-5))

    assert kinds(line(0, 1), early) == ["order"]
    assert kinds(early, neighbours=[(1, at(0))]) == ["order"]
    assert kinds(line(0, 3), neighbours=[(1, at(0)), (7, at(30))]) == []


def test_the_unusual_may_be_meant_and_the_impossible_not():
    long = line(called=at(0), ended=at(239), arrived=at(-10))
    [doubt] = rolls.doubts([long], now=NOW)

    assert doubt.may_be_meant
    assert not rolls.doubts([line(ended=None)], now=NOW)[0].may_be_meant


def test_paper_numbers_have_letters_of_their_own():
    assert rolls.series_for({"E", "F"}) == "P"
    assert rolls.series_for({"E", "P"}) == "PA"
