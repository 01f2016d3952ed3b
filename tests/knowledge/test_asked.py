"""How people ask for a sheet: written by its editors, used by the search, shown to nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse

from parvis.common.errors import Refused
from parvis.knowledge import actions, drafting, search
from parvis.knowledge.exchange.records import Names, Scope, record
from parvis.knowledge.models import Sheet, SheetDraft
from parvis.knowledge.rules import writing
from parvis.knowledge.search import asked, finding, index
from tests.knowledge.factories import NOON, editor, local_sheet, national_sheet, referent
from tests.knowledge.federation import adopted, editor_of, federation
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)
POOL = {"ref": "SO-098", "title": "Piscine municipale", "short_answer": "Ouverte.", "blocks": []}
LINE = "où faire barboter les petits quand il fait chaud"


def pool(authority=None, **changes) -> Sheet:
    return local_sheet(authority, **{**POOL, **changes})


def refs(question, authority_id, **more) -> list[str]:
    return [hit.ref for hit in search.find(question, authority_id=authority_id, **more).results]


def asked_in_a_draft(sheet, lines, *, agent) -> SheetDraft:
    draft = actions.open_draft(sheet, agent=agent, now=NOON)
    words = {**draft.writing, "about": {**draft.about, "asked": lines}}
    saved = actions.save_draft(draft, words, agent=agent, now=NOON, revision=draft.revision)
    return saved.draft


def test_a_sheet_is_found_by_the_lines_of_its_editors_once_they_are_published():
    writer, sheet = editor(), pool()
    owner = referent()
    draft = asked_in_a_draft(sheet, f"  {LINE} \r\n\r\n{LINE}\nun bassin\x07", agent=writer)
    assert draft.about["asked"] == f"{LINE}\nun bassin"
    assert refs("barboter", sheet.authority_id) == []

    version = actions.publish_draft(draft, agent=owner, now=LATER, revision=draft.revision)

    sheet.refresh_from_db()
    assert sheet.asked == f"{LINE}\nun bassin"
    assert version.number == 1  # not a word of the sheet itself has changed
    assert refs("barboter", sheet.authority_id) == ["SO-098"]
    assert refs("barboter", sheet.authority_id, public_only=False) == ["SO-098"]


def test_only_the_sheet_whose_lines_changed_is_taken_in_again(monkeypatch):
    sheet = pool()
    local_sheet()
    refs("piscine", sheet.authority_id)
    written, write = [], index._write
    monkeypatch.setattr(
        index, "_write", lambda i, gone, changed: written.append(changed) or write(i, gone, changed)
    )

    Sheet.objects.filter(pk=sheet.pk).update(asked=LINE)
    actions.collection_changed()

    assert refs("barboter", sheet.authority_id) == ["SO-098"]
    assert written == [[sheet.pk]]


def test_the_lines_of_a_sheet_that_is_not_public_are_for_the_desk_only():
    sheet = pool(is_public=False, asked=[LINE])

    assert refs("barboter les petits", sheet.authority_id) == []
    assert refs("barboter les petits", sheet.authority_id, public_only=False) == ["SO-098"]


def test_the_lines_of_a_neighbour_find_nothing_here():
    here = AuthorityFactory.create()
    theirs = pool(AuthorityFactory.create(slug="tremalon", name="Trémalon"), asked=[LINE])

    for public_only in (True, False):
        assert refs("barboter", here.pk, public_only=public_only) == []
        assert refs("barboter", theirs.authority_id, public_only=public_only) == ["SO-098"]


def test_an_adopted_sheet_brings_its_lines():
    made = federation()
    adopted(made)
    Sheet.objects.filter(pk=made.sheet.pk).update(asked=LINE)
    actions.collection_changed()

    assert refs("barboter", made.neighbour.authority_id) == [made.sheet.ref]
    assert refs("barboter", made.stranger.authority_id) == []


def test_the_lines_are_shown_to_nobody(client):
    sheet = pool(asked=[LINE])

    found = search.find("barboter", authority_id=sheet.authority_id)
    page = client.get(reverse("knowledge:sheet", args=["SO-098"])).content.decode()
    results = client.get(reverse("knowledge:search"), {"q": "bassin chaud"}).content.decode()

    assert "barboter" not in found.results[0].passage_html
    assert "barboter" not in page
    assert "barboter" not in results
    assert "asked" not in record(sheet, Scope.PUBLIC, NOON.date(), Names())
    assert record(sheet, Scope.WHOLE, NOON.date(), Names())["asked"] == LINE


def test_the_lines_are_words_that_the_best_sheet_has():
    sheet = pool()
    before = search.find("barboter petits piscine", authority_id=sheet.authority_id).signals
    Sheet.objects.filter(pk=sheet.pk).update(asked=LINE)
    actions.collection_changed()

    after = search.find("barboter petits piscine", authority_id=sheet.authority_id).signals

    assert after.found > before.found


@pytest.mark.parametrize(("lines", "left"), [(0, 1.0), (1, 0.75), (4, 0.0), (9, 0.0)])
def test_the_more_lines_a_sheet_has_the_less_is_made_up_for(lines, left):
    assert asked.lacking("\n".join("x" * (n + 1) for n in range(lines))) == left


def test_a_national_sheet_has_the_weight_of_its_score():
    national, own = national_sheet("F2"), pool()

    assert finding._weight(national) == 1.0
    assert finding._weight(own) == finding.OWN_WEIGHT * finding.UNASKED_WEIGHT
    own.asked = "\n".join("abcd")
    assert finding._weight(own) == finding.OWN_WEIGHT


def test_lines_are_trimmed_said_once_and_never_cut_in_two():
    assert writing.asked_lines(" a\t b \n\n a b\nc\x00") == "a b\nc"
    full = writing.asked_lines("\n".join(f"{n:04d} {'x' * 95}" for n in range(100)))
    assert len(full) <= writing.LONGEST_ASKED
    assert {len(line) for line in full.split("\n")} == {100}


def test_a_text_begun_before_there_were_lines_takes_none_away():
    agent, sheet = editor(), pool(asked=[LINE])
    draft = actions.open_draft(sheet, agent=agent, now=NOON)
    about = {name: value for name, value in draft.about.items() if name != "asked"}
    SheetDraft.objects.filter(pk=draft.pk).update(about=about)
    draft.refresh_from_db()

    assert drafting.as_published(draft, now=LATER).asked == LINE
    actions.publish_draft(draft, agent=agent, now=LATER, revision=draft.revision)

    sheet.refresh_from_db()
    assert sheet.asked == LINE


def test_the_editor_writes_the_lines_and_who_decides_reads_them(client):
    agent, sheet = editor(), pool()
    draft = actions.open_draft(sheet, agent=agent, now=NOON)
    client.force_login(agent)
    page = client.get(reverse("knowledge:draft", args=[draft.pk]) + "?ecrire=1").content.decode()
    assert 'name="about-asked"' in page

    posted = {
        "title": draft.title, "short_answer": draft.short_answer, "revision": draft.revision,
        "about-asked": f"{LINE}\r\n", "about-is_public": "on", "about-review_every_days": "180",
        "do": "save",
    }  # fmt: skip
    client.post(reverse("knowledge:draft", args=[draft.pk]), posted)

    draft.refresh_from_db()
    assert draft.about["asked"] == LINE
    assert LINE in client.get(reverse("knowledge:read-draft", args=[draft.pk])).content.decode()


def test_what_somebody_asked_is_written_into_the_text_of_the_sheet(client):
    agent, sheet = editor(), pool(asked=["un bassin"])
    client.force_login(agent)
    given = {"said": LINE, "ref": "SO-098"}
    trial = client.get(reverse("knowledge:finding-trial"), given).content.decode()
    assert reverse("knowledge:finding-asked") in trial

    answer = client.post(reverse("knowledge:finding-asked"), given)

    draft = SheetDraft.objects.get()
    assert answer.url == reverse("knowledge:draft", args=[draft.pk])
    assert draft.about["asked"] == f"un bassin\n{LINE}"
    sheet.refresh_from_db()
    assert sheet.asked == "un bassin"
    assert refs("barboter", sheet.authority_id) == []


def test_who_may_not_write_a_sheet_writes_no_line_beside_it():
    sheet = pool()

    other = editor_of("tremalon", "Trémalon", "olivier.penhouet")
    for agent in (editor("paul.corre", roles=["QUA"]), other):
        with pytest.raises(Refused):
            actions.add_asked(sheet, LINE, agent=agent, now=NOON)

    assert not SheetDraft.objects.exists()


def test_a_text_that_waits_for_a_reader_takes_no_more_lines():
    writer, sheet = editor(), pool()
    draft = asked_in_a_draft(sheet, "un bassin", agent=writer)
    actions.propose(draft, agent=writer, now=NOON)
    colleague = editor("paul.corre", roles=["REC"])

    with pytest.raises(Refused):
        actions.add_asked(sheet, LINE, agent=colleague, now=LATER)

    draft.refresh_from_db()
    assert draft.about["asked"] == "un bassin"


def test_a_full_list_takes_no_further_line():
    agent, sheet = editor(), pool(asked=[f"{n:03d} {'x' * 95}" for n in range(29)] + ["y" * 98])

    with pytest.raises(Refused):
        actions.add_asked(sheet, LINE, agent=agent, now=NOON)

    assert not SheetDraft.objects.exists()
