import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.knowledge.rules.confidence import (
    AGAINST,
    NAMES,
    Signals,
    probability,
    standard,
    weights,
)
from parvis.knowledge.search import confidence
from parvis.knowledge.search.asking import Concept

ACTE = Concept("acte", is_ours=True, usual=0.8)
NAISSANCE = Concept("naissanc", (("ne",),), is_ours=True, usual=1.0)
YESTERDAY = Concept("hi", is_story=True)
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


def signals(**changes):
    given = {
        "scores": [18.0],
        "text": frozenset({"acte", "ne", "mairi"}),
        "title": frozenset({"acte", "naissanc"}),
        "sheets": 998,
    }
    return confidence.signals([ACTE, NAISSANCE], **{**given, **changes})


def test_signals_are_numbers_that_a_sentence_can_tell():
    found = signals()

    assert found.found == 1.0  # "né" counts
    assert (found.known, found.in_title, found.length) == (2 / 6, 2.0, 0.2)
    assert found.usual == pytest.approx(0.9)
    assert found.score == pytest.approx(math.log(19))


def test_the_words_of_a_story_say_neither_yes_nor_no():
    told = confidence.signals(
        [ACTE, NAISSANCE, YESTERDAY],
        scores=[18.0],
        text=frozenset({"acte", "ne", "mairi"}),
        title=frozenset({"acte", "naissanc"}),
        sheets=998,
    )

    assert told == signals()


def test_a_letter_is_no_answer_because_it_has_many_words():
    words = [Concept(f"w{n}") for n in range(20)]
    text = frozenset({"w1", "w2", "w3"})
    long = confidence.signals(words, scores=[30.0], text=text, title=frozenset(), sheets=998)

    assert not confidence.is_answered(long)


def test_a_full_match_in_title_and_text_is_an_answer():
    assert confidence.is_answered(signals())


def test_one_word_of_two_somewhere_in_a_text_is_none():
    weak = signals(scores=[5.0], text=frozenset({"acte"}), title=frozenset({"piscin"}))

    assert not confidence.is_answered(weak)


@given(ANY, st.sampled_from(NAMES), st.floats(0, 1))
def test_more_of_a_signal_never_works_against_its_sense(found, name, more):
    other = replace(found, **{name: getattr(found, name) + more})

    if name in AGAINST:
        assert probability(other) <= probability(found)
    else:
        assert probability(other) >= probability(found)


def test_weights_are_read_as_they_were_written():
    assert weights(standard().as_data()) == standard()
    with pytest.raises((KeyError, ValueError)):
        weights({**standard().as_data(), "signals": 3})
