import math
from dataclasses import replace

import pytest

from parvis.knowledge.search import confidence
from parvis.knowledge.search.asking import Concept

ACTE = Concept("acte", is_ours=True)
NAISSANCE = Concept("naissanc", (("ne",),), is_ours=True)
YESTERDAY = Concept("hi", is_story=True)


def signals(**changes):
    given = {
        "weights": [3.0, 4.0],
        "score": 18.0,
        "text": frozenset({"acte", "ne", "mairi"}),
        "title": frozenset({"acte", "naissanc"}),
        "sheets": 998,
    }
    return confidence.signals([ACTE, NAISSANCE], **{**given, **changes})


def test_signals_are_numbers_that_a_sentence_can_tell():
    found = signals()

    assert (found.weight_found, found.words_found, found.ours) == (1.0, 1.0, 1.0)  # "né" counts
    assert found.in_title == 2.0
    assert found.log_score == pytest.approx(math.log(19))


def test_the_words_of_a_story_say_neither_yes_nor_no():
    told = confidence.signals(
        [ACTE, NAISSANCE, YESTERDAY],
        weights=[3.0, 4.0, 5.0],
        score=18.0,
        text=frozenset({"acte", "ne", "mairi"}),
        title=frozenset({"acte", "naissanc"}),
        sheets=998,
    )

    assert told == signals()


def test_a_letter_is_no_answer_because_it_has_many_words():
    words = [Concept(f"w{n}") for n in range(20)]
    text = frozenset({"w1", "w2", "w3"})
    long = confidence.signals(
        words, weights=[5.0] * 20, score=30.0, text=text, title=frozenset(), sheets=998
    )

    assert not confidence.is_answered(long)


def test_a_full_match_in_title_and_text_is_an_answer():
    assert confidence.is_answered(signals())


def test_one_word_of_two_somewhere_in_a_text_is_none():
    weak = signals(score=5.0, text=frozenset({"acte"}), title=frozenset({"piscin"}))

    assert not confidence.is_answered(weak)


def test_more_of_the_question_found_never_lowers_the_probability():
    found = signals()
    less = replace(found, weight_found=0.4, words_found=0.5, ours=0.5, in_title=0.0)

    assert confidence.probability(less) < confidence.probability(found)
