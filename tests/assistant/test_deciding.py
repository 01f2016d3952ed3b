"""Answer, closest sheets or none: the decision, its reasons and its curve."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.assistant import whys
from parvis.assistant.queries import deciding as reading
from parvis.assistant.rules import deciding
from parvis.assistant.rules.deciding import (
    ANSWER,
    ANSWERABLE,
    CLOSEST,
    NO_SHEET,
    NONE,
    OFF_TOPIC,
    Case,
    Point,
    Reason,
    calibration,
    curve,
    decide,
    operating_points,
    point,
    threshold_for,
)
from parvis.assistant.rules.drawing import curve_drawing
from parvis.knowledge.rules.confidence import AGAINST, NAMES, Signals, standard
from parvis.knowledge.search.evaluation import Question

SHARE = st.floats(0, 1)
ANY = st.builds(
    Signals,
    score=st.floats(0, 6),
    usual=SHARE,
    found=SHARE,
    known=SHARE,
    in_title=st.floats(0, 4),
    length=st.floats(0, 2),
)
CASES = st.lists(
    st.builds(
        Case,
        st.sampled_from([ANSWERABLE, NO_SHEET, OFF_TOPIC]),
        SHARE,
        is_found=st.booleans(),
        is_long=st.booleans(),
    ),
    max_size=30,
)
SURE = Signals(score=4.2, usual=0.95, found=1.0, known=0.5, in_title=3.0, length=0.3)
FAR = Signals(score=1.5, usual=0.1, found=0.2, known=0.0, in_title=0.0, length=0.5)
LEVEL = {ANSWER: 2, CLOSEST: 1, NONE: 0}


def test_what_the_sheets_say_plainly_is_answered_and_what_they_do_not_know_is_not():
    assert decide(SURE).kind == ANSWER
    assert decide(FAR).kind == NONE
    assert decide(None).kind == NONE


def test_between_the_two_the_closest_sheets_are_shown():
    near = replace(SURE, usual=0.7, found=0.5, in_title=1.0, score=3.0)

    assert decide(near, 0.9).kind == CLOSEST


@given(ANY, st.sampled_from(NAMES), SHARE, SHARE)
def test_a_signal_never_works_against_its_sense(signals, name, more, threshold):
    other = replace(signals, **{name: getattr(signals, name) + more})
    before, after = decide(signals, threshold), decide(other, threshold)

    if name in AGAINST:
        assert LEVEL[after.kind] <= LEVEL[before.kind]
    else:
        assert LEVEL[after.kind] >= LEVEL[before.kind]


@given(ANY, SHARE, SHARE)
def test_a_higher_threshold_never_answers_more(signals, one, other):
    low, high = sorted((one, other))

    assert LEVEL[decide(signals, high).kind] <= LEVEL[decide(signals, low).kind]


@given(ANY)
def test_every_decision_says_why(signals):
    for sentence in whys.sentences(decide(signals)):
        assert sentence
        assert "%" not in sentence


def test_the_reasons_are_told_with_their_numbers():
    told = deciding.reasons(replace(FAR, found=0.4, length=0.5))

    assert told[0] == Reason("words_found", 2, 5, is_for=False)
    assert [reason.code for reason in told[-1:]] == ["unusual_words"]
    assert "2" in whys.sentence(told[0])
    assert "5" in whys.sentence(told[0])


def test_the_reasons_kept_with_a_turn_are_told_again():
    kept = {"decision": {"reasons": [{"code": "nothing_known", "count": 0, "total": 0}]}}

    assert len(whys.kept(kept)) == 1
    assert whys.kept({}) == []


@given(CASES)
def test_the_curve_only_falls(cases):
    points = curve(cases)

    for name in ("answered", "off_topic", "no_sheet"):
        values = [value for one in points if (value := getattr(one, name)) is not None]
        assert values == sorted(values, reverse=True)


def test_a_point_counts_each_kind_by_itself():
    cases = [
        Case(ANSWERABLE, 0.9, is_found=True),
        Case(ANSWERABLE, 0.8),
        Case(ANSWERABLE, 0.2, is_found=True),
        Case(OFF_TOPIC, 0.7),
        Case(OFF_TOPIC, 0.1),
        Case(NO_SHEET, 0.6),
    ]

    at = point(cases, 0.5)

    assert at.answered == pytest.approx(2 / 3)
    assert (at.right, at.wrong, at.off_topic, at.no_sheet) == (0.5, 0.75, 0.5, 1.0)
    assert point([], 0.5).answered is None


@given(CASES, st.floats(0.1, 1))
def test_the_threshold_for_a_share_answers_at_least_that_share(cases, share):
    at = point(cases, threshold_for(cases, share))

    assert at.answered is None or at.answered >= share - 1e-9


def test_calibration_sets_beside_each_other_what_was_said_and_what_was_seen():
    cases = [Case(ANSWERABLE, 0.95), Case(OFF_TOPIC, 0.9), Case(ANSWERABLE, 1.0)]

    (bin_,) = calibration(cases)

    assert (bin_.low, bin_.count) == (0.8, 3)
    assert bin_.said == pytest.approx(0.95)
    assert bin_.seen == pytest.approx(2 / 3)


def test_the_same_words_never_lie_in_both_halves():
    twice = [
        Question("Un  Passeport ?", frozenset({"F1"})),
        Question("un passeport ?", frozenset()),
    ]

    assert len(reading.once(twice)) == 1
    assert reading.half_of(twice[0]) in {reading.TUNING, reading.HELD_OUT}
    assert reading.half_of(Question("x", frozenset(), half="held_out")) == "held_out"


def test_without_calibration_an_authority_decides_with_the_weights_of_the_program(db):
    assert reading.weights_of(0) == standard()


def test_the_named_places_of_the_curve_stand_in_their_order():
    asked = [Case("answerable", n / 100, is_found=True) for n in range(1, 101)]

    found = operating_points(asked, 0.11)

    assert [found[name].threshold for name in ("careful", "balanced", "open")] == [0.26, 0.11, 0.04]
    assert [found[name].answered for name in ("careful", "open")] == [0.75, 0.97]


def test_a_curve_stands_between_its_axes():
    drawn = curve_drawing(
        [Point(0.0, 1.0, None, None, 0.5, None), Point(1.0, 0, None, None, 0, 0)], 1
    )

    assert [(one.name, one.points) for one in drawn.lines] == [
        ("answered", "40.0,10.0 410.0,184.0"),
        ("no_sheet", "410.0,184.0"),
        ("off_topic", "40.0,97.0 410.0,184.0"),
    ]
    assert drawn.mark == 410.0
