"""The life of sheets, the register, the protocols for other programs: same rights, same words."""

from typing import Any

import pytest

from parvis.accounts.models import Agent
from parvis.knowledge import actions
from parvis.knowledge.models import Sheet, SheetDraft
from tests.interop.conftest import Api, token_of
from tests.knowledge.factories import NOON, block, editor, local_sheet
from tests.law.factories import article_99

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Any) -> None:
    settings.FILES = tmp_path


@pytest.fixture
def program() -> Api:
    """A program with the rights of the editor of the sheets."""
    return Api(token_of("orvanne", "Sainte-Orvanne", role="KBE"))


def words(revision: int, **changes: Any) -> dict[str, Any]:
    blocks = [{"kind": "cost", "level": "public", "text": "Gratuit."}]
    given = {"revision": revision, "title": "Acte", "short_answer": "Oui.", "blocks": blocks}
    return {**given, **changes}


def test_a_sheet_is_written_proposed_and_published_by_another(program: Api):
    sheet = local_sheet()
    writer = Api(token_of("orvanne", "Sainte-Orvanne", role="REC"))

    made = writer.post("drafts", {"ref": sheet.ref})
    saved = writer.post(f"drafts/{made.json()['id']}/save", words(1, reason="Plus court"))
    proposed = writer.post(f"drafts/{made.json()['id']}/propose")
    waiting = program.get("drafts").json()["proposed"]
    refused = writer.post(f"drafts/{made.json()['id']}/publish", {"revision": 2})
    published = program.post(f"drafts/{made.json()['id']}/publish", {"revision": 2})

    assert [made.status_code, saved.status_code, proposed.status_code] == [201, 200, 200]
    assert (saved.json()["revision"], proposed.json()["state"]) == (2, "proposed")
    assert [one["ref"] for one in waiting] == [sheet.ref]
    assert refused.status_code == 409
    assert published.json()["state"] == "published"
    sheet.refresh_from_db()
    assert sheet.current is not None
    assert sheet.current.title == "Acte"
    assert program.get(f"sheets/{sheet.ref}").json()["blocks"][0]["html"] == "<p>Gratuit.</p>"


def test_a_text_saved_from_an_older_revision_is_put_aside(program: Api):
    made = program.post("drafts", {"ref": local_sheet().ref}).json()
    program.post(f"drafts/{made['id']}/save", words(1))

    late = program.post(f"drafts/{made['id']}/save", words(1, title="Autre"))

    assert (late.status_code, late.json()["code"]) == (409, "changed")
    assert SheetDraft.objects.get().title == "Acte"
    assert SheetDraft.objects.get().copies.filter(is_aside=True).count() == 1


def test_the_same_key_begins_one_sheet(program: Api):
    first = program.post("drafts", {"title": "Nouvelle fiche"}, key="k1")
    again = program.post("drafts", {"title": "Nouvelle fiche"}, key="k1")

    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    assert Sheet.objects.count() == 1


def test_a_text_is_given_back_with_words(program: Api):
    draft = actions.open_draft(local_sheet(), agent=editor(), now=NOON)
    actions.propose(draft, agent=editor(), now=NOON)

    answer = program.post(f"drafts/{draft.pk}/return", {"words": "Trop long."})

    assert (answer.json()["state"], answer.json()["returned_words"]) == ("returned", "Trop long.")


def test_versions_are_listed_and_read(program: Api):
    sheet = local_sheet()
    actions.publish_version(
        sheet, now=NOON, author="", title="Deux", short_answer="", blocks=[block("<p>b</p>")]
    )

    listed = program.get(f"sheets/{sheet.ref}/versions").json()["versions"]
    first = program.get(f"sheets/{sheet.ref}/versions/1").json()

    assert [(one["number"], one["current"]) for one in listed] == [(2, True), (1, False)]
    assert first["title"] == "Copie d’acte de naissance"
    assert len(first["blocks"]) == 4
    assert program.get(f"sheets/{sheet.ref}/versions/9").status_code == 404


def test_files_are_listed_and_saved(program: Api):
    sheet = local_sheet()
    row = actions.attach(
        sheet, [b"%PDF-1.7"], name="plan.pdf", title="Plan", level="internal",
        agent=editor(), now=NOON,
    )  # fmt: skip

    [told] = program.get(f"sheets/{sheet.ref}/attachments").json()["files"]
    answer = program.get(f"sheets/{sheet.ref}/attachments/{row.pk}")

    assert (told["name"], told["level"]) == ("plan.pdf", "internal")
    assert answer.content == b"%PDF-1.7"
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_check_is_confirmed(program: Api):
    sheet = local_sheet()

    answer = program.post(f"sheets/{sheet.ref}/unchanged")

    sheet.refresh_from_db()
    assert answer.json()["reviewed_on"] == str(sheet.reviewed_on)


def test_the_register_is_read_with_what_rests_on_it(program: Api):
    agent = editor()
    article, sheet = article_99(agent), local_sheet()
    actions.cite(sheet, article, agent=agent)

    texts = program.get("law/texts?q=civil").json()["texts"]
    found = program.get("law/articles?q=99").json()["articles"]
    whole = program.get(f"law/articles/{article.pk}").json()

    assert [one["short_name"] for one in texts] == ["Code civil"]
    assert [one["number"] for one in found] == ["99"]
    assert whole["sheets"] == [sheet.ref]
    assert "rectifie" in whole["wording"]


def test_protocols_are_read_and_confirmed(api: Api):
    step = {**block("<p>Saluer</p>", kind="step", level="internal"), "role": "Accueil"}
    local_sheet(ref="PA-1", nature=Sheet.Nature.PROTOCOL, is_public=False, blocks=[step])

    before = api.get("protocols").json()["protocols"]
    whole = api.get("protocols/PA-1").json()
    api.post("protocols/PA-1/read")

    assert [(one["ref"], one["read"]) for one in before] == [("PA-1", False)]
    assert [(one["role"], one["html"]) for one in whole["steps"]] == [("Accueil", "<p>Saluer</p>")]
    assert api.get("protocols").json()["protocols"][0]["read"] is True


def test_the_words_of_the_search_are_for_editors(program: Api):
    actions.keep_synonym(_agent(), said="cni", written="carte d’identité", author="", now=NOON)

    assert program.get("finding").json()["synonyms"][0]["said"] == "cni"
    assert Api(token_of("orvanne", "Sainte-Orvanne", role="REC")).get("finding").status_code == 403


def _agent() -> Agent:
    return editor()


def test_another_authority_finds_none_of_it(foreign_api: Api):
    agent = editor()
    article, sheet = article_99(agent), local_sheet()
    draft = actions.open_draft(sheet, agent=agent, now=NOON)
    row = actions.attach(
        sheet, [b"%PDF-1.7"], name="a.pdf", title="a", level="public", agent=agent, now=NOON
    )
    local_sheet(ref="PA-1", nature=Sheet.Nature.PROTOCOL, is_public=False)

    for address in (
        f"sheets/{sheet.ref}/versions", f"sheets/{sheet.ref}/versions/1",
        f"sheets/{sheet.ref}/attachments", f"sheets/{sheet.ref}/attachments/{row.pk}",
        f"drafts/{draft.pk}", f"law/articles/{article.pk}", "protocols/PA-1",
    ):  # fmt: skip
        assert foreign_api.get(address).status_code == 404, address
    for address in (
        f"drafts/{draft.pk}/propose", f"drafts/{draft.pk}/abandon", f"drafts/{draft.pk}/take-back",
        f"sheets/{sheet.ref}/unchanged", "protocols/PA-1/read",
    ):  # fmt: skip
        assert foreign_api.post(address).status_code == 404, address
    assert foreign_api.post("drafts", {"ref": sheet.ref}).status_code == 404
    assert foreign_api.get("law/texts").json() == {"texts": []}
