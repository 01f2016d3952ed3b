import io
import re
import zipfile
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.common import files
from parvis.common.errors import Refused
from parvis.knowledge import actions, queries
from parvis.knowledge.actions import OtherWords
from parvis.knowledge.models import Attachment, DraftCopy, Sheet, SheetText, TextCopy
from tests.accounts.factories import ines
from tests.knowledge.factories import NOON, block, editor, local_sheet, referent

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def _noon(settings, tmp_path):
    settings.FILES = tmp_path / "files"
    with time_machine.travel(NOON, tick=False):
        yield


def address(name: str, *arguments: object) -> str:
    return reverse(f"knowledge:{name}", args=arguments)


def text(sheet: Sheet, **changes) -> SheetText:
    given = {
        "kind": "translation", "language": "en", "agent": editor(), "now": NOON, "revision": 0,
    }  # fmt: skip
    words = OtherWords("Birth certificate", "It is free.", [block("<p>Free.</p>", kind="cost")])
    return actions.keep_text(sheet, words, **{**given, **changes})


def public(client, query: str = "") -> str:
    return client.get(reverse("knowledge:sheet", args=["SO-012"]) + query).content.decode()


def test_a_translation_is_read_once_it_is_shown(client):
    translated = text(local_sheet())
    assert "langue=en" not in public(client)

    actions.show_text(translated, agent=editor(), shown=True)

    assert "?langue=en" in public(client)
    html = public(client, "?langue=en")
    assert "Birth certificate" in html
    assert 'lang="en"' in html


def test_a_translation_knows_when_the_sheet_changed_for_the_public():
    sheet = local_sheet()
    translated = text(sheet)
    inside = [*sheet.current.blocks[:3], block("<p>Autre imprimante.</p>", level="internal")]
    actions.publish_version(
        sheet, now=NOON, author="x", title=sheet.title,
        short_answer=sheet.current.short_answer, blocks=inside,
    )  # fmt: skip
    assert not queries.is_older(translated, sheet)

    actions.publish_version(
        sheet, now=NOON, author="x", title=sheet.title, short_answer="Deux euros.", blocks=inside
    )

    assert queries.is_older(translated, sheet)


def test_readers_are_told_that_a_translation_is_older(client):
    sheet = local_sheet()
    actions.show_text(text(sheet), agent=editor(), shown=True)
    actions.publish_version(
        sheet, now=NOON, author="x", title="Autre", short_answer="Deux euros.", blocks=[]
    )

    assert "plus ancien que la fiche" in public(client, "?langue=en")
    client.force_login(editor())
    listed = client.get(address("texts", "SO-012")).content.decode()
    assert "plus ancien que la fiche" in listed


def test_who_reads_english_is_told_what_is_only_in_french(client):
    sheet = local_sheet()
    assert "Seulement en français" not in public(client)
    client.cookies["django_language"] = "en"
    alone = public(client)
    actions.show_text(text(sheet), agent=editor(), shown=True)
    translated = public(client), public(client, "?langue=en")
    actions.publish_version(
        sheet, now=NOON, author="x", title="Autre", short_answer="Deux euros.", blocks=[]
    )

    assert "Only in French." in alone
    assert not any("Only in French." in page for page in translated)
    assert "A translation is older" in public(client)


def test_a_plain_text_is_shown_only_once_its_readers_have_signed(client):
    plain = text(local_sheet(), kind="simple", language="fr")
    with pytest.raises(Refused):
        actions.show_text(plain, agent=editor(), shown=True)

    actions.sign_text(
        plain, agent=editor(), panel="Atelier des Tilleuls", signed_on=date(2026, 11, 2)
    )
    actions.show_text(plain, agent=editor(), shown=True)

    assert "Atelier des Tilleuls" in public(client, "?texte=simple")


def test_changed_words_lose_the_signature_of_their_readers():
    plain = text(local_sheet(), kind="simple", language="fr")
    actions.sign_text(plain, agent=editor(), panel="Atelier", signed_on=date(2026, 11, 2))
    actions.show_text(plain, agent=editor(), shown=True)

    words = OtherWords("Acte", "Autre réponse.", [])
    again = actions.keep_text(
        plain.sheet, words, kind="simple", language="fr", agent=editor(), now=NOON, revision=1
    )

    assert (again.signed_on, again.panel, again.is_shown) == (None, "", False)


def test_the_page_of_a_text_keeps_what_is_typed_part_by_part(client):
    local_sheet()
    client.force_login(referent())
    page = client.get(address("text", "SO-012", "en")).content.decode()
    assert "Une pièce d’identité" in page
    assert "filigrane" not in page

    client.post(
        address("text", "SO-012", "en"),
        {
            "revision": "0",
            "title": "Birth",
            "short_answer": "Free.",
            "text-2": "- An identity card",
        },
    )

    kept = SheetText.objects.get()
    assert kept.blocks == [
        {
            "kind": "documents",
            "title": "",
            "level": "public",
            "html": "<ul>\n<li>An identity card</li>\n</ul>",
        }
    ]


def test_the_second_of_two_translators_sees_both_texts(client):
    text(local_sheet())
    client.force_login(referent())

    response = client.post(
        address("text", "SO-012", "en"),
        {"revision": "0", "title": "Mine", "short_answer": "", "text-1": "My words"},
        follow=True,
    )

    html = response.content.decode()
    assert "My words" in html
    assert "Free." in html
    assert SheetText.objects.get().title == "Birth certificate"


ENGLISH = "/agent/fiches/SO-012/textes/en/"


def fields(client) -> dict[str, str | list[str]]:
    """What the form of the page would send back."""
    html = client.get(ENGLISH).content.decode()
    hidden = dict(
        re.findall(r'<input type="hidden" name="(revision|writer|aside)" value="([^"]*)"', html)
    )
    typed = re.findall(r'name="(text-\d+)"[^>]*>([^<]*)<', html)
    return {
        **hidden,
        "kind": re.findall(r'name="kind" value="(\w+)"', html),
        "title": re.findall(r'name="title" value="([^"]*)"', html)[0],
        "short_answer": unescape(re.findall(r'name="short_answer"[^>]*>([^<]*)<', html)[0]),
        **{name: unescape(said) for name, said in typed},
    }


def test_what_only_one_of_two_translators_changed_is_taken(client):
    text(local_sheet())
    client.force_login(referent())
    mine = fields(client) | {"title": "My title"}
    words = OtherWords("Birth certificate", "Two euros.", SheetText.objects.get().blocks)
    text(Sheet.objects.get(), revision=1)
    actions.keep_text(
        Sheet.objects.get(), words, kind="translation", language="en", agent=editor(),
        now=NOON, revision=SheetText.objects.get().revision,
    )  # fmt: skip

    client.post(ENGLISH, mine)
    both = fields(client)

    assert (both["title"], both["short_answer"]) == ("My title", "Two euros.")
    client.post(ENGLISH, both)
    held = SheetText.objects.get()
    assert (held.title, held.short_answer) == ("My title", "Two euros.")
    assert "aside" not in fields(client)


def test_words_put_aside_may_be_left(client):
    text(local_sheet())
    client.force_login(referent())
    client.post(ENGLISH, {"revision": "0", "title": "Mine", "kind": []})
    waiting = fields(client)["aside"]

    client.post(address("text-drop", "SO-012", "en"), {"aside": waiting})

    assert fields(client)["title"] == "Birth certificate"


def test_a_lost_session_loses_no_word_of_a_translation(client):
    text(local_sheet())
    client.force_login(referent())
    typed = fields(client) | {"title": "Typed before lunch"}
    client.logout()

    assert client.post(ENGLISH, typed).status_code == 302
    session = client.session
    kept_words = session["kept_writing"]
    client.force_login(referent())
    session = client.session
    session["kept_writing"] = kept_words
    session.save()
    client.get(ENGLISH)

    assert SheetText.objects.get().title == "Typed before lunch"


def test_every_state_of_another_text_is_shown_and_comes_back(client):
    first = text(local_sheet())
    changed = OtherWords("Certificate", "It is free.", [])
    actions.keep_text(
        first.sheet, changed, kind="translation", language="en", agent=editor(), now=NOON,
        revision=1,
    )  # fmt: skip
    client.force_login(referent())
    shown = client.get(address("text-history", "SO-012", "en")).content.decode()
    assert "Birth" in shown
    assert "Certificate" in shown
    assert "Free." in shown

    client.post(address("text-restore", "SO-012", "en", 1))

    held = SheetText.objects.get()
    assert (held.title, held.revision, len(held.blocks)) == ("Birth certificate", 3, 1)
    assert TextCopy.objects.filter(text=held, is_aside=False).count() == 3


def test_copies_of_a_draft_go_some_time_after_it_ended():
    sheet = local_sheet()
    draft = actions.open_draft(sheet, agent=editor(), now=NOON)
    waiting = DraftCopy.objects.create(
        draft=draft, revision=1, is_aside=True, content=draft.writing, agent=editor(), at=NOON
    )
    assert actions.forget_copies(now=NOON + timedelta(days=900)) == 0  # still being written
    actions.abandon(draft, agent=editor(), now=NOON)

    assert actions.forget_copies(now=NOON + timedelta(days=89)) == 0
    assert actions.forget_copies(now=NOON + timedelta(days=91)) == 1
    assert list(DraftCopy.objects.all()) == [waiting]
    assert actions.forget_copies(now=NOON + timedelta(days=366)) == 1


def test_reception_reads_the_other_texts_and_does_not_write_them(client):
    sheet = local_sheet()
    client.force_login(ines(service=editor().service))

    client.post(address("text", "SO-012", "en"), {"revision": "0", "title": "x"})

    assert not SheetText.objects.exists()
    with pytest.raises(Refused):
        text(sheet, agent=ines())


def attach(sheet: Sheet, content: bytes = PDF, **changes) -> Attachment:
    given = {
        "name": "formulaire.pdf", "title": "Formulaire", "level": "public", "agent": editor(),
        "now": NOON,
    }  # fmt: skip
    return actions.attach(sheet, [content], **{**given, **changes})


def test_a_public_file_is_saved_and_never_shown(client):
    row = attach(local_sheet())
    assert "Formulaire" in public(client)

    response = client.get(address("file", "SO-012", row.pk))

    assert response.content == PDF
    assert response.headers["Content-Disposition"] == 'attachment; filename="formulaire.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("level", ["asked", "internal", "embargo"])
def test_a_file_that_is_not_public_is_for_colleagues(client, level):
    row = attach(local_sheet(), level=level, until=date(2026, 12, 1))

    assert client.get(address("file", "SO-012", row.pk)).status_code == 404
    assert "Formulaire" not in public(client)
    client.force_login(ines())
    assert client.get(address("agent-file", "SO-012", row.pk)).status_code == 200


def test_a_file_of_another_sheet_is_not_opened_through_a_public_one(client):
    local_sheet()
    inside = attach(local_sheet(ref="SO-2", is_public=False))

    assert client.get(address("file", "SO-012", inside.pk)).status_code == 404
    assert client.get(address("file", "SO-2", inside.pk)).status_code == 404


def archive(**names: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in names.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return held.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"MZ\x90\x00",
        b"PK\x03\x04 broken",
        archive(hello_txt=b"x"),
        archive(word__vbaProject_bin=b"x", word__document_xml=b"x"),
    ],
)
def test_what_could_run_or_is_unknown_is_refused_in_words(content):
    with pytest.raises(Refused):
        attach(local_sheet(), content, name="innocent.pdf")
    assert not list(files.stored())


def test_the_name_of_a_file_comes_from_its_content_and_leads_nowhere():
    sheet = local_sheet()

    names = [
        attach(sheet, name=given).name
        for given in ("../../x", "CON", "\u202egpj.exe", "", "a" * 4000 + ".html", "ok.pdf")
    ]

    assert names == [
        "x.pdf", "document.pdf", "gpj.pdf", "document.pdf", "a" * 80 + ".pdf", "ok.pdf",
    ]  # fmt: skip
    assert len(list(files.stored())) == 1, "the same content is stored once"


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 10)

    with pytest.raises(Refused):
        attach(local_sheet())


def test_a_file_is_sent_taken_away_and_put_back_from_the_page(client):
    sheet = local_sheet()
    client.force_login(referent())
    sent = SimpleUploadedFile("plan.html", PDF, content_type="text/html")

    client.post(address("attach", sheet.ref), {"file": sent, "title": "Plan", "level": "public"})
    row = Attachment.objects.get()
    assert (row.name, row.kind) == ("plan.pdf", "application/pdf")
    client.post(address("detach", sheet.ref, row.pk))
    assert not queries.attachments_of(sheet).exists()
    client.post(address("detach", sheet.ref, row.pk) + "?remettre=1")

    assert queries.attachments_of(sheet).exists()


def test_an_embargoed_file_is_public_on_its_day(client):
    row = attach(local_sheet(), level="embargo", until=date(2026, 11, 25))

    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert client.get(address("file", "SO-012", row.pk)).status_code == 200
