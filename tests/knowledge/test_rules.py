from datetime import date

import pytest

from parvis.knowledge import rules
from tests.knowledge.factories import block

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("level", "until", "expected"),
    [
        ("public", "", True),
        ("asked", "", False),
        ("internal", "", False),
        ("embargo", "", False),
        ("embargo", "2026-11-25", False),
        ("embargo", "2026-11-24", True),
        ("something new", "", False),
    ],
)
def test_only_public_blocks_and_lifted_embargoes_are_for_everybody(level, until, expected):
    assert rules.is_public(block("<p>x</p>", level=level, until=until), TODAY) is expected


def test_the_same_words_have_the_same_hash_whatever_the_order_of_keys():
    one = {"kind": "cost", "title": "", "level": "public", "html": "<p>x</p>"}
    other = dict(reversed(one.items()))

    hashes = {
        rules.content_hash(title="t", short_answer="s", blocks=[b], language="fr")
        for b in (one, other)
    }

    assert len(hashes) == 1


def test_a_word_moved_from_the_title_to_the_answer_is_another_text():
    one = rules.content_hash(title="a b", short_answer="", blocks=[], language="fr")
    other = rules.content_hash(title="a", short_answer="b", blocks=[], language="fr")

    assert one != other
