from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from parvis.knowledge import actions
from parvis.knowledge.models import DraftCopy, Sheet, SheetDraft
from tests.accounts.factories import ines, marc
from tests.knowledge.factories import NOON, editor, local_sheet, referent, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def address(name: str, *arguments: object) -> str:
    return reverse(f"knowledge:{name}", args=arguments)


def begun(client, agent=None) -> SheetDraft:
    client.force_login(agent or editor())
    client.post(address("begin", local_sheet().ref))
    return SheetDraft.objects.get()


def form(client, draft: SheetDraft, **changes) -> dict[str, object]:
    """The fields of the editor as the browser would send them."""
    html = client.get(address("draft", draft.pk), follow=True).content.decode()
    draft.refresh_from_db()
    fields: dict[str, object] = {
        "form_key": html.split('name="form_key" value="')[1].split('"')[0],
        "writer": html.split('name="writer" value="')[1].split('"')[0],
        "revision": draft.revision,
        "title": draft.title,
        "short_answer": draft.short_answer,
        "reason": draft.reason,
        "block": [block["id"] for block in draft.blocks],
        "about-service": draft.about["service"],
        "about-review_every_days": draft.about["review_every_days"],
        "about-is_public": "on",
        "about-breadcrumb": draft.about["breadcrumb"],
    }
    for block in draft.blocks:
        for part in ("kind", "title", "level", "text"):
            fields[f"{block['id']}-{part}"] = block[part]
    return {**fields, **changes}


def send(client, draft: SheetDraft, fields: dict[str, object], do: str = "save"):
    return client.post(address("draft", draft.pk), {**fields, "do": do})


def texts(draft: SheetDraft) -> list[str]:
    draft.refresh_from_db()
    return [block["text"] for block in draft.blocks]


def test_a_sheet_is_begun_with_its_title_and_its_service(client):
    agent = ines()
    client.force_login(agent)

    response = client.post(address("new"), {"title": "Prêt de tables", "service": agent.service_id})

    draft = SheetDraft.objects.get()
    assert response.url == address("draft", draft.pk)
    html = client.get(response.url).content.decode()
    for heading in ("Documents à apporter", "Coût", "Textes de référence"):
        assert heading in html


def test_what_is_typed_is_saved_and_shown_again(client):
    draft = begun(client)

    response = send(client, draft, form(client, draft, **{"b1-text": "**89 €** par an"}))

    html = client.get(response.url).content.decode()
    assert "**89 €** par an" in html
    assert texts(draft)[0] == "**89 €** par an"
    assert Sheet.objects.get().current.number == 1


def test_parts_are_added_moved_and_removed_by_plain_buttons(client):
    draft = begun(client)

    send(client, draft, form(client, draft, kind="delay"), "add")
    assert [b["kind"] for b in SheetDraft.objects.get().blocks][-1] == "delay"
    send(client, draft, form(client, draft), "up:b5")
    assert [b["id"] for b in SheetDraft.objects.get().blocks] == ["b1", "b2", "b3", "b5", "b4"]
    response = send(client, draft, form(client, draft), "remove:b5")

    assert len(texts(draft)) == 4
    html = client.get(response.url).content.decode()
    toast = html.split("data-parvis-toast")[1]
    client.post(toast.split('action="')[1].split('"')[0])
    assert len(texts(draft)) == 5


def test_a_button_saves_what_was_typed_before_it_acts(client):
    draft = begun(client)

    send(client, draft, form(client, draft, **{"b1-text": "Neuf"}), "down:b1")

    assert texts(draft)[1] == "Neuf"


def test_a_double_click_adds_one_part(client):
    draft = begun(client)
    fields = form(client, draft, kind="delay")

    for _time in range(2):
        send(client, draft, fields, "add")

    assert len(texts(draft)) == 5
    assert not DraftCopy.objects.filter(is_aside=True).exists()


def test_going_back_in_the_browser_and_typing_on_loses_nothing(client):
    draft = begun(client)
    fields = form(client, draft, **{"b1-text": "Premier"})
    send(client, draft, fields)

    response = send(client, draft, {**fields, "b1-text": "Second"})

    page = client.get(response.url).content.decode()
    assert "deux-textes" in response.url
    assert "Premier" in page
    assert "Second" in page


def test_of_two_editors_the_second_sees_both_texts_and_chooses(client):
    draft = begun(client)
    theirs = form(client, draft, **{"b1-text": "Texte de Léna"})
    client.force_login(marc())
    mine = form(client, draft, **{"b1-text": "Texte de Marc", "b2-text": "- Un passeport"})
    client.force_login(editor())
    send(client, draft, theirs)
    client.force_login(marc())

    response = send(client, draft, mine)
    page = client.get(response.url).content.decode()

    for words in ("Texte de Léna", "Texte de Marc", "Un passeport", "Lena Marzin"):
        assert words in page
    client.post(response.url, {"revision": 2, "choice-b1": "both", "choice-b2": "mine"})
    assert texts(draft)[:2] == ["Texte de Léna", "Texte de Marc"]
    assert "- Un passeport" in texts(draft)


def test_a_text_that_waits_for_a_choice_is_shown_before_anything_else(client):
    draft = begun(client)
    fields = form(client, draft, **{"b1-text": "Un"})
    send(client, draft, fields)
    send(client, draft, {**fields, "b1-text": "Deux"})

    response = client.get(address("draft", draft.pk))

    assert "deux-textes" in response.url


def test_a_text_sent_after_the_session_ended_is_there_after_signing_in(client):
    draft = begun(client)
    fields = form(client, draft, **{"b1-text": "Ne me perdez pas"})
    client.logout()

    response = send(client, draft, fields)
    assert response.status_code == 302
    assert "connexion" in response.url
    client.force_login(editor())
    client.get(address("draft", draft.pk))

    assert texts(draft)[0] == "Ne me perdez pas"


def test_a_text_kept_for_one_agent_is_never_given_to_another(client):
    draft = begun(client)
    fields = form(client, draft, **{"b1-text": "De Léna"})
    client.logout()
    send(client, draft, fields)

    client.force_login(marc())
    client.get(address("draft", draft.pk))

    assert "De Léna" not in texts(draft)


def test_nobody_without_a_form_of_ours_leaves_words_in_a_session(client):
    draft = begun(client)
    client.logout()

    send(client, draft, {"title": "x", "writer": "forged"})

    assert "kept_writing" not in client.session


def test_an_address_that_is_none_keeps_the_text_and_says_so(client):
    draft = begun(client)

    fields = form(client, draft, **{"b1-text": "Texte", "about-source_url": "pas une adresse"})
    response = send(client, draft, fields)

    assert texts(draft)[0] == "Texte"
    assert "Adresse de la source" in client.get(response.url).content.decode()


def test_the_preview_shows_the_public_only_what_is_public(client):
    draft = begun(client)
    send(client, draft, form(client, draft, **{"b2-text": "Bientôt **gratuit**"}), "preview")

    public = client.get(address("preview", draft.pk)).content.decode()
    colleague = client.get(address("preview", draft.pk) + "?vue=agent").content.decode()

    assert "<strong>gratuit</strong>" in public
    assert "filigrane" not in public
    assert "filigrane" in colleague


def test_how_easily_a_text_is_read_is_said_while_it_is_written(client):
    draft = begun(client)

    response = client.post(
        address("reading"), form(client, draft, short_answer="Préalablement, un récépissé.")
    )

    assert "reçu" in response.content.decode()


def test_from_proposal_to_publication_through_the_pages(client):
    draft = begun(client)
    send(client, draft, form(client, draft, **{"b1-text": "89 €"}), "propose")
    client.force_login(referent())
    page = client.get(address("draft", draft.pk), follow=True).content.decode()
    assert "<ins>" in page
    assert "<del>" in page

    response = client.post(
        address("decide", draft.pk), {"do": "publish", "revision": draft.revision + 1}
    )

    assert response.url == address("agent-sheet", "SO-012")
    assert "89 €" in client.get(reverse("knowledge:sheet", args=["SO-012"])).content.decode()


def test_a_text_is_returned_with_words_that_its_writer_reads(client):
    draft = begun(client)
    send(client, draft, form(client, draft, **{"b1-text": "89 €"}), "propose")
    client.force_login(referent())
    client.post(address("decide", draft.pk), {"do": "return", "words": "Tarif de 2025"})

    client.force_login(editor())

    assert "Tarif de 2025" in client.get(address("draft", draft.pk)).content.decode()
    assert "Tarif de 2025" in client.get(address("todo")).content.decode()


def test_a_text_without_a_short_answer_is_refused_in_words_and_kept(client):
    draft = begun(client)

    response = send(client, draft, form(client, draft, short_answer=""), "propose")

    assert "réponse courte" in client.get(response.url).content.decode()
    assert SheetDraft.objects.get().state == "writing"


def test_an_urgent_correction_goes_live_with_its_reason(client):
    client.force_login(marc())
    client.post(address("begin", local_sheet().ref), {"urgent": "1"})
    draft = SheetDraft.objects.get()
    fields = form(client, draft, **{"b1-text": "Guichet fermé", "reason": "Dégât des eaux"})

    response = send(client, draft, fields, "publish")

    assert response.url == address("agent-sheet", "SO-012")
    assert Sheet.objects.get().current.is_urgent
    page = client.get(response.url).content.decode()
    assert "Dégât des eaux" in page


def test_what_was_published_meanwhile_is_brought_together(client):
    draft = begun(client)
    send(client, draft, form(client, draft, title="Acte de naissance"))
    urgent = actions.open_draft(Sheet.objects.get(), agent=marc(), now=NOON, is_urgent=True)
    actions.save_draft(urgent, written(urgent, text="5 €"), agent=marc(), now=NOON, revision=1)
    actions.publish_urgent(
        urgent, agent=marc(), now=NOON + timedelta(1), revision=2, reason="Tarif"
    )

    response = send(client, draft, form(client, draft), "publish")
    assert response.url == address("catch-up", draft.pk)
    page = client.get(response.url).content.decode()
    assert "5 €" in page
    client.post(response.url, {"revision": 2, "choice-b1": "theirs", "choice-title": "mine"})

    assert texts(draft)[0] == "5 €"
    assert SheetDraft.objects.get(pk=draft.pk).title == "Acte de naissance"


def test_a_text_sent_at_the_end_of_the_day_is_kept_too(client):
    draft = begun(client)
    fields = form(client, draft, **{"b1-text": "Écrit la nuit"})

    with time_machine.travel(NOON + timedelta(hours=13), tick=False):
        response = send(client, draft, fields)
        assert "connexion" in response.url
        client.force_login(editor())
        client.get(address("draft", draft.pk))

    assert texts(draft)[0] == "Écrit la nuit"


def test_a_remark_on_a_text_that_was_published_meanwhile_is_shown_again(client):
    draft = begun(client)
    send(client, draft, form(client, draft, **{"b1-text": "89 €"}), "propose")
    client.force_login(referent())
    client.post(address("decide", draft.pk), {"do": "publish", "revision": draft.revision + 1})
    remark = "Tarif de 2025 " * 60

    response = client.post(address("decide", draft.pk), {"do": "return", "words": remark})

    assert response.status_code == 409
    assert remark.strip() in response.content.decode()
