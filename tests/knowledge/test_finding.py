"""Words, pins, saved questions, searches remembered, gaps and votes."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from parvis.knowledge import actions, queries, search
from parvis.knowledge.models import Gap, Searched, Synonym, Vote
from parvis.knowledge.rules import finding as rules
from parvis.knowledge.search import evaluation, index, trial
from parvis.knowledge.views import asking
from tests.accounts.factories import AgentFactory
from tests.knowledge.factories import NOON, local_sheet
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def editor():
    return AgentFactory.create(roles=["KBE"])


@pytest.fixture
def pool(editor):
    return local_sheet(
        editor.authority, ref="SO-098", title="Piscine municipale", short_answer="Ouverte.",
        blocks=[], breadcrumb="Sports",
    )  # fmt: skip


def refs(question, editor, **more):
    found = search.find(question, authority_id=editor.authority_id, **more)
    return [hit.ref for hit in found.results]


def test_words_of_the_editors_are_in_force_at_the_next_question(editor, pool):
    assert refs("barboteuse", editor) == []

    actions.keep_synonym(
        editor, said="barboteuse | grand bain", written="piscine", author="K", now=NOON
    )

    assert refs("barboteuse", editor) == ["SO-098"]
    assert refs("le grand bain est ouvert ?", editor) == ["SO-098"]
    assert refs("le grand jour", editor) == []
    neighbour = AgentFactory.create(
        username="voisine", authority=AuthorityFactory.create(slug="tremalon")
    )
    assert refs("barboteuse", neighbour) == []
    actions.drop_synonym(editor, Synonym.objects.get())
    assert refs("barboteuse", editor) == []


def test_a_pinned_sheet_comes_first_when_all_its_words_are_asked(editor, pool):
    local_sheet(editor.authority, title="Horaires d’été", short_answer="Été.", blocks=[])
    assert refs("horaires été", editor)[0] == "SO-012"

    actions.keep_pin(editor, words="horaires été", sheet=pool, author="K", now=NOON)

    found = search.find("quels horaires cet été", authority_id=editor.authority_id)
    assert found.results[0].ref == "SO-098"
    assert found.answered
    assert found.results[0].is_pinned
    assert refs("horaires", editor) == ["SO-012"]


@pytest.fixture
def cards(editor):
    """A sheet about the card, and one that speaks of cards more often."""
    local_sheet(
        editor.authority, ref="SO-1", title="Carte d’identité : première demande",
        keywords="cni, pièce d’identité", short_answer="Vingt-cinq euros.", blocks=[],
    )  # fmt: skip
    local_sheet(
        editor.authority, ref="SO-2", title="Refaire sa carte", blocks=[],
        keywords="carte bancaire, nouvelle carte, changer de carte",
        short_answer="La carte d’identité, la carte grise et les autres cartes d’identité.",
    )  # fmt: skip
    return editor


@pytest.mark.parametrize(
    "typed",
    [
        "carte d’identité",
        "carte d'identite",
        "carte didentité",
        "CARTE IDENTITE",
        "la carte didentite ?",
        "pièce d’identité",
        "piece didentite",
    ],
)
def test_who_types_the_name_of_a_thing_finds_it_first_with_or_without_accents(cards, typed):
    assert refs(typed, cards)[0] == "SO-1"


@pytest.mark.parametrize("typed", ["je ne sais pas", "date", "le dire", "ses dents"])
def test_a_word_that_is_right_is_left_as_it_was_typed(cards, typed):
    assert index.current().speller.completed(typed) == typed


def test_a_pinned_sheet_that_is_not_public_stays_inside(editor, pool):
    inside = local_sheet(editor.authority, ref="SO-9", title="Code", is_public=False)
    actions.keep_pin(editor, words="piscine", sheet=inside, author="K", now=NOON)

    assert refs("piscine", editor) == ["SO-098"]
    assert refs("piscine", editor, public_only=False)[0] == "SO-9"


def saved(editor, *rows):
    lines = [rules.Line(text, tuple(expected)) for text, expected in rows]
    return actions.keep_questions(editor, "Questions du guichet", lines, now=NOON)


def test_a_change_is_measured_before_it_is_made(editor, pool):
    questions = saved(editor, ("barboteuse", ["SO-098"]), ("piscine", ["SO-098"]), ("météo", []))

    result = trial.tried(questions, trial.Change("barboteuse", "piscine"))

    assert (result.before.first_three, result.after.first_three) == ("0.50", "1.00")
    assert result.better == ["barboteuse"]
    assert result.worse == []
    assert not result.hurts
    assert not Synonym.objects.exists()
    assert refs("barboteuse", editor) == []


def test_the_editor_sees_what_a_change_moves_and_puts_it_in_force(client, editor, pool):
    saved(editor, ("barboteuse", ["SO-098"]), ("piscine", ["SO-098"]))
    client.force_login(editor)

    page = client.get(
        reverse("knowledge:finding-trial"), {"said": "barboteuse", "written": "piscine"}
    ).content.decode()
    assert "0.50" in page
    assert "1.00" in page
    client.post(reverse("knowledge:finding-publish"), {"said": "barboteuse", "written": "piscine"})

    assert refs("barboteuse", editor) == ["SO-098"]
    assert "barboteuse" in client.get(reverse("knowledge:finding")).content.decode()


def drafted(editor, **words):
    draft = actions.start_sheet(
        editor, now=NOON, title="Barboteuse des petits", service=editor.service
    )
    text = {**draft.writing, "short_answer": "La barboteuse ouvre en juin.", **words}
    return actions.save_draft(draft, text, agent=editor, now=NOON, revision=draft.revision).draft


def test_a_text_is_tried_on_the_saved_questions_before_it_is_published(editor, pool):
    draft = drafted(editor)
    ref = draft.sheet.ref
    questions = saved(editor, ("barboteuse", [ref]), ("piscine", ["SO-098"]), ("météo", []))

    result = trial.tried_draft(questions, draft, now=NOON)

    assert (result.before.first_three, result.after.first_three) == ("0.50", "1.00")
    assert result.better == ["barboteuse"]
    assert result.worse == []
    assert refs("barboteuse", editor) == []  # nobody else saw it


def test_a_text_that_drives_another_sheet_away_is_seen_to_do_so(editor, pool):
    draft = drafted(editor, title="Piscine piscine", short_answer="Piscine, piscine.")
    questions = saved(editor, ("piscine", ["SO-098"]))

    result = trial.tried_draft(questions, draft, now=NOON)

    assert result.worse == ["piscine"]


def test_a_text_for_colleagues_is_not_found_by_the_questions_of_the_public(editor, pool):
    draft = drafted(editor)
    about = {**draft.about, "is_public": False}
    words = {**draft.writing, "about": about}
    draft = actions.save_draft(draft, words, agent=editor, now=NOON, revision=draft.revision).draft

    result = trial.tried_draft(saved(editor, ("barboteuse", [draft.sheet.ref])), draft, now=NOON)

    assert result.better == []


def test_who_decides_on_a_text_sees_what_it_would_move(client, editor, pool):
    draft = drafted(editor)
    saved(editor, ("barboteuse", [draft.sheet.ref]))
    client.force_login(editor)

    page = client.get(reverse("knowledge:try-draft", args=[draft.pk])).content.decode()

    assert "0.00" in page
    assert "1.00" in page
    assert "barboteuse" in page
    reading = client.get(reverse("knowledge:read-draft", args=[draft.pk])).content.decode()
    assert reverse("knowledge:try-draft", args=[draft.pk]) in reading


def test_questions_are_imported_measured_and_shown_over_time(client, editor, pool):
    client.force_login(editor)
    rows = b'{"question": "piscine", "expected_ids": ["SO-098"], "kind": "plain"}\n'

    answer = client.post(
        reverse("knowledge:import-questions"),
        {"name": "Vraies questions", "file": SimpleUploadedFile("q.jsonl", rows)},
    )
    client.post(answer["Location"] + "mesure/")

    page = client.get(answer["Location"]).content.decode()
    assert "1,00" in page or "1.00" in page
    assert "<circle" in page
    assert queries.last_measures(editor.authority_id)[0].hit3 == 1.0


@pytest.mark.parametrize("rows", [b"{oops", b"\xff", b'{"question": "x"}', b""])
def test_a_file_that_holds_no_questions_is_refused(client, editor, rows):
    client.force_login(editor)

    client.post(
        reverse("knowledge:import-questions"),
        {"name": "x", "file": SimpleUploadedFile("q.jsonl", rows)},
    )

    assert not queries.question_sets(editor).exists()


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("acte de naissance de Gérard Lambert", "acte de naissance de"),
        ("je suis Mme kerouanton née le 12/03/1961", "je suis née le"),
        ("écrire à jean.dupont@example.org svp", "écrire à svp"),
        ("carte Vitale", "carte vitale"),
        (" ".join(["mot"] * 40), " ".join(["mot"] * 12)),
    ],
)
def test_a_search_is_kept_without_names_and_numbers(question, kept):
    known = {"vitale", "carte", "acte", "naissance", "mot"}

    assert rules.masked(question, lambda word: word.lower() in known) == kept


def test_letters_typed_on_one_page_are_one_search(client, editor, pool):
    address = reverse("knowledge:search")
    for typed in ("trot", "trottin", "trottinette"):
        client.get(address, {"q": typed, "s": "a" * 32}, headers={"HX-Target": "reponses"})

    row = Searched.objects.get()
    assert (row.words, row.found, row.was_answered) == ("trottinette", 0, False)


def failed(editor, words, times, *, day=TODAY):
    for _n in range(times):
        Searched.objects.create(
            authority=editor.authority, day=day, place="public", words=words, stems=words,
            found=0, was_answered=False,
        )  # fmt: skip


def test_what_several_people_look_for_in_vain_is_a_gap(client, editor, pool):
    today = timezone.localdate()
    failed(editor, "trottinette", 3, day=today)
    failed(editor, "une fois", 1, day=today)
    neighbour = AgentFactory.create(
        username="voisine", authority=AuthorityFactory.create(slug="tremalon")
    )
    failed(neighbour, "ailleurs", 5, day=today)
    client.force_login(editor)

    page = client.get(reverse("knowledge:gaps")).content.decode()
    assert "trottinette" in page
    assert "une fois" not in page
    assert "ailleurs" not in page
    client.post(
        reverse("knowledge:decide-gap"),
        {"stems": "trottinette", "owner": pool.service_id, "due_on": "2026-12-24", "do": "take"},
    )

    gap = Gap.objects.get()
    assert (gap.owner, gap.due_on, gap.count) == (pool.service, date(2026, 12, 24), 3)
    client.post(reverse("knowledge:decide-gap"), {"stems": "trottinette", "ref": "SO-098"})
    gap.refresh_from_db()
    assert (gap.state, gap.sheet) == (Gap.State.WRITTEN, pool)
    assert queries.gaps(editor, today=gap.closed_on) == []


def test_a_closed_gap_comes_back_when_it_is_asked_again(editor, pool):
    failed(editor, "trottinette", 2, day=TODAY - timedelta(days=3))
    lack = queries.gaps(editor, today=TODAY)[0].lack
    actions.close_gap(editor, lack, sheet=pool, today=TODAY - timedelta(days=2))
    assert queries.gaps(editor, today=TODAY) == []

    failed(editor, "trottinette", 1)

    assert [row.lack.words for row in queries.gaps(editor, today=TODAY)] == ["trottinette"]


def test_opening_a_sheet_or_saying_no_decides_whether_a_search_failed(client, editor, pool):
    client.get(reverse("knowledge:search"), {"q": "bain piscine horaire", "s": "b" * 32})
    Searched.objects.update(was_answered=False)
    client.get(reverse("knowledge:sheet", args=["SO-098"]), {"s": "b" * 32})
    assert queries.failed_searches(editor.authority_id, since=TODAY - timedelta(days=9999)) == []

    client.get(reverse("knowledge:search"), {"q": "piscine", "s": "c" * 32})
    client.post(reverse("knowledge:not-found"), {"s": "c" * 32})

    rows = queries.failed_searches(editor.authority_id, since=TODAY - timedelta(days=9999))
    assert [words for _stems, words, _day in rows] == ["piscine"]


def test_searches_are_forgotten_after_ninety_days(editor):
    failed(editor, "vieux", 1, day=TODAY - timedelta(days=91))
    failed(editor, "neuf", 1, day=TODAY - timedelta(days=90))

    assert actions.forget_searches(today=TODAY) == 1
    assert Searched.objects.get().words == "neuf"


def test_nobody_fills_the_list_of_an_editor_by_pressing_again(client, editor, pool):
    for _press in range(12):
        client.post(reverse("knowledge:vote", args=["SO-098"]), {"useful": "no", "reason": "Bof"})

    assert Vote.objects.count() == asking.VOTES.burst
    page = client.get(reverse("knowledge:sheet", args=["SO-098"])).content.decode()
    assert "Trop d’essais" in page


def test_a_reason_goes_to_the_owner_until_it_is_settled(client, editor, pool):
    client.post(reverse("knowledge:vote", args=["SO-098"]), {"useful": "yes"})
    client.post(
        reverse("knowledge:vote", args=["SO-098"]),
        {"useful": "no", "reason": "Il manque le prix pour les enfants."},
    )
    client.force_login(editor)
    client.post(reverse("knowledge:agent-vote", args=["SO-098"]), {"useful": "yes"})

    days = {"first": date(2000, 1, 1), "last": date(2100, 1, 1)}
    counts = queries.usefulness(editor.authority_id, **days)
    assert (counts.helpful, counts.votes) == (2, 3)
    assert "Il manque le prix" in client.get(reverse("knowledge:gaps")).content.decode()
    client.post(reverse("knowledge:settle-vote", args=[Vote.objects.get(was_useful=False).pk]))
    assert not queries.open_votes(editor).exists()


def test_results_are_narrowed_by_service_kind_and_level(editor, pool):
    local_sheet(
        editor.authority, ref="SO-2", title="Piscine : code du bassin", is_public=False,
        kind="Consigne",
    )  # fmt: skip
    both = {"authority_id": editor.authority_id, "public_only": False}

    def found(**filters):
        hits = search.find("piscine", **both, filters=search.Filters(**filters)).results
        return [hit.ref for hit in hits]

    assert set(found()) == {"SO-098", "SO-2"}
    assert found(is_public=False) == ["SO-2"]
    assert found(kind="Consigne") == ["SO-2"]
    assert found(service_id=pool.service_id + 1) == []


def test_a_set_is_measured_as_the_public_asks(editor, pool):
    questions = saved(editor, ("piscine", ["SO-098"]))

    result = evaluation.measure(trial.questions_of(questions), authority_id=editor.authority_id)

    assert result[""].hit_at(1) == 1.0


def test_a_file_of_another_encoding_is_refused_in_words(client, editor):
    client.force_login(editor)

    answer = client.post(
        reverse("knowledge:import-questions"),
        {"name": "x", "file": SimpleUploadedFile("q.jsonl", b"\xff")},
        follow=True,
    )

    assert "UTF-8" in answer.content.decode()
    assert "codec" not in answer.content.decode()


def test_what_a_second_tab_removes_again_is_said_to_be_gone(client, editor):
    kept = actions.keep_synonym(editor, said="a", written="b", author="x", now=NOON)
    client.force_login(editor)
    drop = reverse("knowledge:drop-synonym", args=[kept.pk])
    client.post(drop)

    again = client.post(drop, follow=True)

    assert "C’est déjà retiré." in again.content.decode()
    assert client.post(reverse("knowledge:drop-synonym", args=[kept.pk + 9])).status_code == 404
