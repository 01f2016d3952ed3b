import math
from dataclasses import replace

import pytest

from parvis.knowledge.search import confidence
from parvis.knowledge.search.asking import Concept

ACTE, NAISSANCE = Concept("acte"), Concept("naissanc", (("ne",),))


def signals(**changes):
    given = {
        "weights": [3.0, 4.0],
        "scores": [18.0, 9.0],
        "texts": [frozenset({"acte", "ne", "mairi"}), frozenset({"acte"})],
        "title": frozenset({"acte", "naissanc"}),
        "sheets": 998,
    }
    return confidence.signals([ACTE, NAISSANCE], **{**given, **changes})


def test_signals_are_numbers_that_a_sentence_can_tell():
    found = signals()

    assert found.share_in_first == 1.0  # a synonym counts
    assert (found.title_share, found.title_count) == (1.0, 2.0)
    assert found.log_score == pytest.approx(math.log(19))


def test_a_full_match_in_title_and_text_is_an_answer():
    assert confidence.is_answered(signals())


def test_one_word_of_two_somewhere_in_a_text_is_none():
    weak = signals(scores=[5.0, 4.9], texts=[frozenset({"acte"})], title=frozenset({"piscin"}))

    assert not confidence.is_answered(weak)


def test_more_of_the_question_found_never_lowers_the_probability():
    found = signals()
    less = replace(found, share_in_first=0.4, share_in_three=0.4, title_share=0.0, title_count=0.0)

    assert confidence.probability(less) < confidence.probability(found)
