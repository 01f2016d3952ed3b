from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.knowledge.rules import diffs, merging, readability, reviews, writing
from parvis.knowledge.rules.merging import BOTH, MINE, THEIRS
from parvis.knowledge.rules.writing import DraftBlock, Writing

TODAY = date(2026, 11, 24)
WORDS = st.text("abé \n’.", max_size=30)


def block(name: str, text: str, kind: str = "explanation") -> DraftBlock:
    return DraftBlock(id=name, kind=kind, title="", level="public", text=text)


BLOCKS = st.lists(
    st.builds(block, st.sampled_from([f"b{n}" for n in range(1, 7)]), WORDS),
    max_size=5,
    unique_by=lambda one: one["id"],
)
WRITINGS = st.builds(
    lambda title, short, blocks: Writing(title=title, short_answer=short, blocks=blocks, about={}),
    WORDS, WORDS, BLOCKS,
)  # fmt: skip


@settings(deadline=None)
@given(WORDS, WORDS)
def test_both_texts_are_read_back_from_their_differences(before, after):
    segments = diffs.words_changed(before, after)

    assert diffs.before_of(segments) == before
    assert diffs.after_of(segments) == after


def test_a_changed_price_is_one_word_that_went_and_one_that_came():
    segments = diffs.words_changed("Il en coûte 86 euros.", "Il en coûte 89 euros.")

    assert [(s.fate, s.words) for s in segments if s.fate != "same"] == [
        ("removed", "86"),
        ("added", "89"),
    ]


def test_a_phrase_that_was_replaced_is_shown_whole():
    segments = diffs.words_changed("Demande par courrier, gratuite.", "Demande en ligne, gratuite.")

    assert [(s.fate, s.words) for s in segments if s.fate != "same"] == [
        ("removed", "par courrier"),
        ("added", "en ligne"),
    ]


def test_blocks_are_compared_with_the_one_they_come_from():
    before = [diffs.Piece("v1", "cost", "86 €"), diffs.Piece("v2", "delay", "Trois semaines")]
    after = [
        diffs.Piece("n1", "delay", "Trois semaines"),
        diffs.Piece("n2", "cost", "89 €"),
        diffs.Piece("n3", "online", "Oui"),
    ]

    changes = diffs.blocks_changed(before, after)

    assert [(c.key, c.other, c.fate) for c in changes] == [
        ("n1", "v2", "same"),
        ("n2", "v1", "changed"),
        ("n3", "", "added"),
    ]
    assert any(c.is_moved for c in changes)


def test_a_block_that_is_gone_is_shown_where_it_was():
    changes = diffs.blocks_changed([diffs.Piece("v1", "cost", "86 €")], [])

    assert [(c.key, c.other, c.fate) for c in changes] == [("", "v1", "removed")]


@settings(deadline=None)
@given(WRITINGS, WRITINGS)
def test_without_a_choice_no_block_of_either_text_is_lost(mine, theirs):
    both = merging.merged(mine, theirs, {})

    texts = [one["text"] for one in both["blocks"]]
    for one in [*mine["blocks"], *theirs["blocks"]]:
        assert one["text"] in texts
    assert len({one["id"] for one in both["blocks"]}) == len(both["blocks"])


@settings(deadline=None)
@given(WRITINGS, WRITINGS, st.sampled_from([MINE, THEIRS]))
def test_choosing_one_side_everywhere_gives_the_words_of_that_side(mine, theirs, side):
    choices = {d.name: side for d in merging.differences(None, mine, theirs)}

    both = merging.merged(mine, theirs, choices)

    wanted = mine if side == MINE else theirs
    assert {one["id"]: one["text"] for one in both["blocks"]} == {
        one["id"]: one["text"] for one in wanted["blocks"]
    }
    assert both["title"] == wanted["title"]
    assert both["short_answer"] == wanted["short_answer"]


@settings(deadline=None)
@given(WRITINGS, WRITINGS)
def test_what_only_one_side_changed_needs_no_thought(base, mine):
    assert {d.advice for d in merging.differences(base, mine, base)} <= {MINE}
    assert {d.advice for d in merging.differences(base, base, mine)} <= {THEIRS}


def test_what_both_changed_is_for_a_person_to_decide():
    base, mine, theirs = (
        Writing(title="Acte", short_answer="", blocks=[block("b1", text)], about={})
        for text in ("un", "deux", "trois")
    )

    (clash,) = merging.differences(base, mine, theirs)

    assert clash.is_clash
    assert [b["text"] for b in merging.merged(mine, theirs, {"b1": BOTH})["blocks"]] == [
        "trois",
        "deux",
    ]


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from([*writing.KINDS, "unheard-of"])),
        st.tuples(st.just("move"), st.integers(-3, 3)),
        st.tuples(st.just("remove"), st.integers(0, 5)),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(MOVES)
def test_blocks_keep_their_names_whatever_is_added_moved_and_removed(steps):
    blocks = writing.template()
    for what, given_ in steps:
        before = {one["id"] for one in blocks}
        if what == "add":
            blocks = writing.with_block(blocks, given_)
        elif what == "move" and blocks:
            blocks = writing.moved(blocks, blocks[0]["id"], given_)
            assert {one["id"] for one in blocks} == before
        elif what == "remove" and blocks:
            gone = blocks[given_ % len(blocks)]["id"]
            blocks = writing.without_block(blocks, gone)
            assert {one["id"] for one in blocks} == before - {gone}

    assert len({one["id"] for one in blocks}) == len(blocks)


def test_a_published_text_never_moves_again_and_a_given_up_one_only_back():
    assert writing.MOVES[writing.PUBLISHED] == frozenset()
    assert writing.MOVES[writing.ABANDONED] == {writing.WRITING}
    assert set(writing.MOVES) == {*writing.OPEN, writing.PUBLISHED, writing.ABANDONED}


@pytest.mark.parametrize(
    ("held", "own", "wrote_it", "alone", "expected"),
    [
        ({"knowledge.validate"}, False, False, False, True),
        ({"knowledge.validate"}, False, True, False, False),
        ({"knowledge.validate"}, False, True, True, True),
        ({"knowledge.validate_own"}, True, True, False, True),
        ({"knowledge.validate_own"}, False, False, False, False),
        ({"knowledge.write"}, True, False, True, False),
        ({"knowledge.propose"}, True, False, True, False),
    ],
)
def test_nobody_waves_their_own_text_through_except_the_owning_service(
    held, own, wrote_it, alone, expected
):
    may = held.__contains__

    published = writing.may_publish(may, own_service=own, wrote_it=wrote_it, is_alone=alone)

    assert published is expected


def test_a_block_from_a_form_is_never_more_public_than_it_says():
    assert writing.read_block({"level": "everybody"}, "b1")["level"] == "internal"
    assert "until" not in writing.read_block({"level": "embargo", "until": "soon"}, "b1")
    assert writing.read_block({"level": "embargo", "until": "2026-12-01"}, "b1")["until"]
    assert "until" not in writing.read_block({"level": "public", "until": "2026-12-01"}, "b1")


def test_a_text_is_not_asked_to_be_read_before_it_says_something():
    empty = Writing(title=" ", short_answer="", blocks=[], about={})
    waits = {**block("b1", "Bientôt"), "level": "embargo"}

    assert writing.missing(empty) == ["title", "short_answer"]
    assert writing.missing({**empty, "blocks": [waits]})[-1] == "b1"


def test_plain_words_read_easier_than_those_of_offices():
    plain = readability.reading("Venez au guichet. Nous faisons la copie tout de suite.")
    office = readability.reading(
        "Préalablement à l’instruction du dossier, le pétitionnaire sollicite ultérieurement "
        "l’attribution d’un récépissé conformément à la réglementation en vigueur, nonobstant "
        "les dispositions susmentionnées applicables aux administrations déconcentrées."
    )

    assert plain.grade == "easy"
    assert office.grade == "hard"
    assert plain.score > office.score
    assert ("récépissé", "reçu") in office.jargon
    assert len(office.long_sentences) == 1
    assert readability.reading(" … ") is None


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_measured(text):
    found = readability.reading(text)

    assert found is None or 0 <= found.score <= 100


def test_what_is_due_is_sorted_by_how_near_it_is():
    days = (-3, 0, 7, 8, 30, 31)
    sheets = [reviews.Due(f"SO-{n}", "x", TODAY + timedelta(days=n)) for n in days]

    digest = reviews.digest(sheets, TODAY)

    assert [s.ref for s in digest.late] == ["SO--3"]
    assert [s.ref for s in digest.near] == ["SO-0", "SO-7"]
    assert [s.ref for s in digest.soon] == ["SO-8", "SO-30"]
    assert len(digest) == 5


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6)), st.integers(1, 6), st.integers(1, 6))
def test_an_accepted_redirection_always_ends_somewhere(moves, start, target):
    kept: dict[int, int] = {}
    for one, other in [*moves.items(), (start, target)]:
        if not reviews.leads_to_itself(one, other, {k: v for k, v in kept.items() if k != one}):
            kept[one] = other

    for one in kept:
        seen, here = set(), one
        while here in kept:
            assert here not in seen
            seen.add(here)
            here = kept[here]
