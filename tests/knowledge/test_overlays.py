"""Local words over the text of somebody else: where they stand, who reads them, what they cover."""

import pytest
import time_machine
from django.urls import reverse

from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from parvis.knowledge import actions, queries, search
from parvis.knowledge.actions import LocalWords
from parvis.knowledge.models import Overlay, OverlayEdit, Sheet
from parvis.knowledge.rules import overlays
from parvis.knowledge.rules.diffs import Piece
from tests.accounts.factories import AgentFactory, rozenn
from tests.knowledge.factories import NOON, block, draft, editor, local_sheet, national_sheet

pytestmark = pytest.mark.django_db

COST = block("<p>Gratuit partout.</p>", kind="cost")
WHERE = block("<p>À la mairie du domicile.</p>", kind="where")
STEPS = block("<p>Écrire au consulat.</p>", kind="steps")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def sheet_of_state(blocks=(COST, WHERE, STEPS), ref: str = "F1427") -> Sheet:
    return national_sheet(ref, blocks=tuple(blocks))


def laid(sheet: Sheet, agent=None, **changes) -> Overlay:
    given = {
        "position": 2,
        "act": "after",
        "kind": "where",
        "text": "Guichet 3, rez-de-chaussée.",
        "level": "public",
    }
    sheet.refresh_from_db()
    return actions.lay(
        sheet,
        LocalWords(**{**given, **changes}),
        seen=sheet.current,
        agent=agent or editor(),
        now=NOON,
    )


def page(client, name: str, *arguments) -> str:
    response = client.get(reverse(f"knowledge:{name}", args=arguments))
    assert response.status_code == 200
    return response.content.decode()


# Rules


def pieces(*words: str) -> list[Piece]:
    return [Piece(f"v{n}", "explanation", said) for n, said in enumerate(words, start=1)]


def test_a_place_is_found_again_by_the_words_of_its_block():
    found = overlays.places(pieces("Un.", "Deux."), pieces("Neuf.", "Deux.", "Un."))

    assert found[1] == overlays.Place(3, True)
    assert found[2] == overlays.Place(2, True)
    assert found[overlays.TOP].is_same


def test_words_whose_place_is_gone_stand_at_the_end():
    layer = overlays.Layer(
        "replace", block("<p>Ici.</p>"), overlays.Place(overlays.GONE, False), LOCAL
    )

    said = overlays.merged([COST, WHERE], [layer])

    assert [one["html"] for one in said] == [COST["html"], WHERE["html"], "<p>Ici.</p>"]


LOCAL = {"id": 1, "by": "Léna", "on": "2026-11-24", "check": False, "act": "replace", "note": ""}


# What people read


def test_the_public_reads_local_words_at_their_place_with_the_house_and_the_day(client):
    laid(sheet_of_state())

    html = page(client, "sheet", "F1427")

    assert html.index("À la mairie du domicile") < html.index("Guichet 3")
    assert "Sainte-Orvanne" in html
    assert "24 novembre 2026" in html
    assert "Lena" not in html  # the public reads the house, not the colleague


def test_a_replaced_part_vanishes_for_the_public_and_stays_to_be_read_at_the_desk(client):
    agent = editor()
    laid(sheet_of_state(), agent, act="replace", position=1, kind="cost", text="Cinq euros ici.")

    shown = page(client, "sheet", "F1427")
    client.force_login(agent)
    at_desk = page(client, "agent-sheet", "F1427")

    assert "Cinq euros ici" in shown
    assert "Gratuit partout" not in shown
    assert "Cinq euros ici" in at_desk
    assert "Gratuit partout" in at_desk


def test_a_hidden_part_needs_its_reason():
    sheet = sheet_of_state()

    with pytest.raises(Refused):
        laid(sheet, act="hide", position=3, text="")

    laid(sheet, act="hide", position=3, text="", note="Le consulat est fermé.")


@pytest.mark.parametrize("level", ["asked", "internal", "embargo"])
def test_words_that_are_not_public_never_reach_the_public(client, level: str):
    agent = editor()
    until = NOON.date().replace(year=2027) if level == "embargo" else None
    laid(sheet_of_state(), agent, level=level, until=until, text="Canari jaune.")

    assert "Canari" not in page(client, "sheet", "F1427")
    found = search.find("canari jaune", authority_id=agent.authority_id)
    assert all("Canari" not in hit.passage for hit in found.results)
    client.force_login(agent)
    assert "Canari" in page(client, "agent-sheet", "F1427")


def test_no_other_house_reads_or_finds_local_words(client):
    agent, other = editor(), rozenn(roles=["KBE"])
    one = laid(sheet_of_state(), agent, text="Guichet orange canari.")

    client.force_login(other)
    assert "canari" not in page(client, "agent-sheet", "F1427")
    assert "canari" not in page(client, "overlays", "F1427")
    for name in ("overlay", "overlay-confirm", "overlay-remove"):
        assert client.post(reverse(f"knowledge:{name}", args=[one.pk])).status_code == 404
    theirs = search.find("canari orange", authority_id=other.authority_id, public_only=False)
    ours = search.find("canari orange", authority_id=agent.authority_id)
    assert all("canari" not in hit.passage for hit in theirs.results)
    assert "canari" in ours.results[0].passage
    assert [hit.ref for hit in ours.results] == ["F1427"]


def test_the_search_no_longer_quotes_what_a_house_does_not_show():
    agent = editor()
    laid(sheet_of_state(), agent, act="hide", position=3, text="", note="Fermé.")

    found = search.find("écrire au consulat", authority_id=agent.authority_id)

    assert all("consulat" not in hit.passage for hit in found.results)


def test_the_list_of_documents_holds_the_local_ones(client):
    documents = block("<ul><li>Un acte</li></ul>", kind="documents")
    laid(sheet_of_state([documents]), position=1, kind="documents", text="- Une photo de plus")

    assert "Une photo de plus" in page(client, "documents", "F1427")


def test_the_page_of_the_public_is_sent_again_when_local_words_change(client):
    sheet = sheet_of_state()
    address = reverse("knowledge:sheet", args=["F1427"])
    AgentFactory.create()
    etag = client.get(address).headers["ETag"]

    one = laid(sheet)
    again = client.get(address, headers={"If-None-Match": etag})
    actions.remove_overlay(one, agent=one.agent, now=NOON)
    gone = client.get(address, headers={"If-None-Match": again.headers["ETag"]})

    assert again.status_code == gone.status_code == 200
    assert "Guichet 3" not in gone.content.decode()


# When the text below changes


def test_a_new_national_text_sends_local_words_to_be_checked(client):
    sheet = sheet_of_state()
    agent = editor()
    laid(sheet, agent)
    moved = block("<p>À la mairie de son choix.</p>", kind="where")
    sheet_of_state([COST, moved, STEPS])

    assert queries.overlays_to_check(agent).count() == 1
    client.force_login(agent)
    todo, work = page(client, "todo"), page(client, "overlays-to-check")

    assert "Mots locaux à vérifier" in todo
    assert "<del>" in work
    assert "son choix" in work


def test_words_over_a_changed_part_no_longer_cover_it_until_somebody_looked(client):
    sheet = sheet_of_state()
    one = laid(sheet, act="replace", position=1, kind="cost", text="Cinq euros ici.")
    sheet_of_state([block("<p>Dix euros partout.</p>", kind="cost"), WHERE, STEPS])

    before = page(client, "sheet", "F1427")
    sheet.refresh_from_db()
    actions.confirm_overlay(one, seen=sheet.current, agent=one.agent, now=NOON)
    after = page(client, "sheet", "F1427")

    assert "Dix euros partout" in before
    assert "Cinq euros ici" in before
    assert "Dix euros partout" not in after
    assert "Cinq euros ici" in after


def test_words_over_a_part_that_did_not_change_go_on_covering_it(client):
    sheet = sheet_of_state()
    laid(sheet, act="replace", position=1, kind="cost", text="Cinq euros ici.")
    sheet_of_state([COST, WHERE])

    assert "Gratuit partout" not in page(client, "sheet", "F1427")


def test_looking_at_an_older_text_than_the_one_of_today_leaves_words_to_be_checked():
    sheet = sheet_of_state()
    one = laid(sheet)
    sheet.refresh_from_db()
    seen = sheet.current
    sheet_of_state([COST])

    actions.confirm_overlay(one, seen=seen, agent=one.agent, now=NOON)

    one.refresh_from_db()
    one.sheet.refresh_from_db()
    assert one.is_to_check


def test_words_whose_part_is_gone_cannot_be_waved_through():
    sheet = sheet_of_state()
    one = laid(sheet, position=3)
    sheet_of_state([COST, WHERE])
    sheet.refresh_from_db()

    with pytest.raises(Refused):
        actions.confirm_overlay(one, seen=sheet.current, agent=one.agent, now=NOON)


# Changing them


def test_nobody_writes_over_the_newer_words_of_a_colleague(client):
    sheet = sheet_of_state()
    one = laid(sheet)
    other = editor("marie.leroux")
    sheet.refresh_from_db()
    words = LocalWords(position=2, act="after", kind="where", text="Guichet 4.", level="public")
    actions.change_overlay(one, words, seen=sheet.current, agent=other, now=NOON, revision=1)
    client.force_login(one.agent)

    response = client.post(
        reverse("knowledge:overlay", args=[one.pk]),
        {
            "position": 2, "act": "after", "kind": "where", "level": "public",
            "text": "Guichet 5.", "revision": 1, "seen": sheet.current_id,
        },
    )  # fmt: skip

    html = response.content.decode()
    assert "Guichet 5." in html
    assert "Guichet 4." in html
    one.refresh_from_db()
    assert "Guichet 4" in one.html


def test_every_step_is_kept_and_words_taken_away_come_back():
    one = laid(sheet_of_state())
    agent = one.agent

    actions.remove_overlay(one, agent=agent, now=NOON)
    with pytest.raises(Refused):
        actions.remove_overlay(one, agent=agent, now=NOON)
    actions.bring_overlay_back(one, agent=agent, now=NOON)

    steps = OverlayEdit.objects.order_by("id").values_list("did", flat=True)
    assert list(steps) == ["laid", "removed", "back"]
    verbs = JournalEntry.objects.filter(verb__startswith="knowledge.overlay").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "knowledge.overlay_laid", "knowledge.overlay_removed", "knowledge.overlay_back",
    ]  # fmt: skip


def test_only_who_writes_everywhere_lays_words_and_never_on_an_own_sheet():
    sheet = sheet_of_state()
    with pytest.raises(Refused):
        laid(sheet, editor("paul.reception", roles=["REC"]))

    agent = editor()
    with pytest.raises(Refused):
        laid(local_sheet(agent.authority), agent, position=1)


def test_a_form_lays_words_and_shows_its_mistakes(client):
    sheet = sheet_of_state()
    client.force_login(editor())
    address = reverse("knowledge:lay", args=["F1427"])
    given = {
        "position": 1, "act": "after", "kind": "warning", "level": "public",
        "seen": sheet.current_id,
    }  # fmt: skip

    empty = client.post(address, {**given, "text": ""})
    kept = client.post(address, {**given, "text": "Fermé **mardi**."})

    assert empty.status_code == 200
    assert "pas encore de mots" in empty.content.decode()
    assert kept.status_code == 302
    assert "<strong>mardi</strong>" in Overlay.objects.get().html


def test_what_is_smuggled_into_local_words_is_cleaned():
    one = laid(sheet_of_state(), text="<script>alert(1)</script> <p onclick=x>Bonjour</p>")

    assert "<script" not in one.html
    assert "<p onclick" not in one.html


def test_a_draft_of_a_national_sheet_says_nothing_about_local_words():
    one = laid(sheet_of_state())

    assert "Guichet" not in str(draft("F1427"))
    assert all("Guichet" not in b["html"] for b in one.sheet.current.blocks)


# The short answer


def short(act: str, words: str = "Ici.", *, same: bool = True) -> overlays.ShortLayer:
    return overlays.ShortLayer(act, words, same, LOCAL)


@pytest.mark.parametrize(
    ("layers", "text", "covered"),
    [
        ([], "Oui.", ""),
        ([short("after")], "Oui.\nIci.", ""),
        ([short("replace")], "Ici.", "Oui."),
        ([short("replace", same=False)], "Ici.\nOui.", ""),
        ([short("after", "Aussi."), short("replace")], "Ici.\nAussi.", "Oui."),
    ],
)
def test_the_own_short_answer_comes_first_and_covers_only_what_was_seen(layers, text, covered):
    said = overlays.short_said("Oui.", layers)

    assert (said.text, said.covered) == (text, covered)


def a_sheet_to_answer() -> Sheet:
    """In words of its own: what the search has read of other sheets is remembered."""
    return national_sheet(blocks=(COST, WHERE, STEPS), short_answer="Partout, sauf ici.")


def over_short(sheet: Sheet, act: str = "replace", text: str = "Ici, au guichet mauve.", **more):
    return laid(sheet, position=overlays.SHORT, act=act, text=text, **more)


def test_the_house_says_its_own_short_answer_everywhere(client):
    sheet = a_sheet_to_answer()
    over_short(sheet)
    old = sheet.current.short_answer

    shown = client.get(reverse("knowledge:sheet", args=[sheet.ref])).content.decode()
    assert "Ici, au guichet mauve." in shown
    assert old not in shown.split("<main", 1)[1].split("</h1>", 1)[1]
    hit = search.find("guichet mauve", authority_id=editor().authority_id).results[0]
    assert hit.ref == sheet.ref
    assert "guichet mauve" in hit.passage, hit.passage
    client.force_login(editor())
    at_desk = page(client, "agent-sheet", sheet.ref)
    assert "Ici, au guichet mauve." in at_desk
    assert old in at_desk  # folded, for colleagues
    elsewhere = rozenn().authority_id
    assert queries.said(sheet, elsewhere, today=NOON.date()).short.text == old
    assert not search.find("guichet mauve", authority_id=elsewhere).results


def test_a_new_short_answer_below_is_shown_beside_the_own_one_until_somebody_looked(client):
    sheet = a_sheet_to_answer()
    over_short(sheet)
    national_sheet(sheet.ref, blocks=(COST, WHERE, STEPS), short_answer="La règle a changé.")
    sheet.refresh_from_db()
    client.force_login(editor())

    read = queries.said(sheet, editor().authority_id, today=NOON.date()).short
    worklist = page(client, "overlays-to-check")

    assert read.text == "Ici, au guichet mauve.\nLa règle a changé."
    assert read.local["check"]
    assert "La règle a changé" in worklist.replace("<ins>", "").replace("</ins>", "")
    actions.confirm_overlay(
        queries.overlays_to_check(editor()).get(), seen=sheet.current, agent=editor(), now=NOON
    )
    read = queries.said(sheet, editor().authority_id, today=NOON.date()).short
    assert read.text == "Ici, au guichet mauve."


@pytest.mark.parametrize(
    "changes", [{"level": "internal"}, {"act": "hide", "note": "Non."}, {"text": " "}]
)
def test_the_short_answer_is_never_hidden_nor_kept_inside(changes):
    with pytest.raises(Refused):
        over_short(a_sheet_to_answer(), **changes)


def test_a_form_lays_words_over_the_short_answer(client):
    sheet = a_sheet_to_answer()
    client.force_login(editor())
    address = reverse("knowledge:lay", args=[sheet.ref])
    given = {
        "position": "-1", "act": "after", "kind": "warning", "text": "Et chez nous.",
        "level": "public", "seen": sheet.current_id,
    }  # fmt: skip

    assert client.post(address, given).status_code == 302
    change = reverse("knowledge:overlay", args=[Overlay.objects.get().pk])
    assert "Et chez nous." in client.get(change).content.decode()
