"""Sheets leave a house and come back: nothing is lost, nothing hostile comes in."""

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from parvis.knowledge import actions
from parvis.knowledge.actions import LocalWords, NewSheet, OtherWords
from parvis.knowledge.exchange import reading, taking, writing
from parvis.knowledge.exchange.around import everything
from parvis.knowledge.exchange.records import Scope, header
from parvis.knowledge.models import (
    Adoption,
    Group,
    Overlay,
    OverlayEdit,
    Pin,
    Share,
    Sheet,
    SheetDraft,
    Synonym,
)
from parvis.organisations.models import Authority
from tests.knowledge.factories import NOON, block, editor, local_sheet, national_sheet, written
from tests.knowledge.federation import editor_of, join
from tests.law.factories import article_99
from tests.organisations.factories import AuthorityFactory, ServiceFactory, TopicFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
PNG = b"\x89PNG\r\n\x1a\n picture"


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


def packed(authority: Authority, kind: str = "jsonl", scope: Scope = Scope.WHOLE) -> bytes:
    target = io.BytesIO()
    rows = everything(authority, scope, today=TODAY)
    writing.archive(target, kind, header(scope, authority), rows)
    return target.getvalue()


def bring(content: bytes, tmp_path: Path, authority: Authority, name: str = "in.zip") -> Any:
    path = tmp_path / name
    path.write_bytes(content)
    return taking.take(path, authority, now=NOON)


def lines(*rows: Any) -> bytes:
    return b"".join(writing.line(row) for row in (header(Scope.WHOLE), *rows))


def a_record(**changes: Any) -> dict[str, Any]:
    version = {
        "number": 1, "title": "Titre", "short_answer": "Oui.",
        "blocks": [{"kind": "cost", "title": "", "level": "public", "html": "<p>Gratuit</p>"}],
        "published_at": "2026-11-24T11:00:00+00:00",
    }  # fmt: skip
    return {"ref": "SO-1", "current": 1, "versions": [version], **changes}


def forget(authority: Authority) -> None:
    for model in (Overlay, Adoption, Synonym, Pin):
        model.objects.filter(authority=authority).delete()
    Share.objects.filter(sheet__authority=authority).delete()
    SheetDraft.objects.filter(sheet__authority=authority).delete()
    Sheet.objects.filter(authority=authority).update(current=None, moved_to=None)
    for sheet in Sheet.objects.filter(authority=authority):
        sheet.texts.all().delete()
        sheet.delete()


def full_house() -> Authority:
    """One of everything that a sheet may have."""
    agent, topic = editor(), TopicFactory.create()
    sheet = local_sheet(topics=[topic], keywords=["état civil", "livret"], asked=["où est-on né"])
    authority = sheet.authority
    assert authority is not None
    version = actions.publish_version(
        sheet, now=NOON + timedelta(days=1), author="Léna Marzin", title="Acte, \u202f« copie »",
        short_answer="Oui\u2028non.", blocks=[
            block("<p>Le\u00a01er\u202f: gratuit</p>", kind="cost"),
            block("<p>Dit à l’oreille</p>", level="asked"),
            block("<p>Dedans</p>", level="internal"),
            block("<p>Bientôt</p>", level="embargo", until="2027-01-01"),
        ],
    )  # fmt: skip
    version.reason, version.is_urgent, version.written_by = "Décret", True, agent
    version.save()
    sheet.keeper = agent
    sheet.save()
    words = OtherWords("Birth certificate", "Free.", [block("<p>Free.</p>")])
    text = actions.keep_text(
        sheet, words, kind="translation", language="en", agent=agent, now=NOON, revision=0
    )
    actions.show_text(text, agent=agent, shown=True)
    for level in ("public", "internal"):
        actions.attach(
            sheet, [PNG + level.encode()], name=f"{level}.png", title=f"Image {level}",
            level=level, agent=agent, now=NOON,
        )  # fmt: skip
    actions.cite(sheet, article_99(), agent=agent, words="La gratuité")
    old = local_sheet(ref="SO-011", title="Ancienne")
    actions.archive(old, agent=agent, now=NOON, moved_to=sheet, note="Remplacée")
    step = block("<p>Saluer</p>", kind="step", level="internal")
    local_sheet(
        ref="PA-1", title="Accueil", nature=Sheet.Nature.PROTOCOL, is_public=False,
        blocks=[{**step, "role": "REC", "support": "oral", "delay": "1 min"}],
    )  # fmt: skip
    on_its_way(sheet, agent)
    around(sheet, agent)
    return authority


def on_its_way(sheet: Sheet, agent: Agent) -> None:
    """A text of a sheet that waits for a reader, and a sheet that nobody has read yet."""
    draft = actions.open_draft(sheet, agent=agent, now=NOON)
    actions.save_draft(
        draft, written(draft, title="Autre titre"), agent=agent, now=NOON, revision=draft.revision
    )
    draft.refresh_from_db()
    actions.propose(draft, agent=agent, now=NOON)
    actions.start_sheet(agent, now=NOON, title="Nouvelle", service=None, ref="SO-900")


def around(sheet: Sheet, agent: Agent) -> None:
    """Local words on a national and a shared sheet, a group, shares, an adoption, pins."""
    other = editor_of("cote-brevale", "Côte Brévale", "hugo.tanguide")
    group = actions.found_group(agent, name="Réseau « d’ici »", purpose="Dire.", now=NOON)
    join(group, other, by=agent)
    workgroup = actions.found_workgroup(group, agent=agent, name="Atelier")
    actions.seat(workgroup, agent, agent=agent, now=NOON)
    sheet.refresh_from_db()
    actions.share_sheets([sheet], group, agent=agent, now=NOON, workgroup=workgroup)
    theirs = [
        local_sheet(other.authority, ref=ref, title=f"Port {ref}") for ref in ("CB-1", "CB-2")
    ]
    actions.share_sheets(theirs, group, agent=other, now=NOON)
    for one in theirs:
        one.refresh_from_db()
    actions.adopt(theirs[0], seen=theirs[0].current, agent=agent, now=NOON)
    actions.ignore(theirs[1], seen=theirs[1].current, agent=agent, now=NOON, reason="Sans objet.")
    national = national_sheet()
    for place, (on, position, act) in enumerate(
        [(national, 1, "replace"), (national, -1, "after"), (theirs[0], 0, "after")]
    ):
        level = "public" if position == -1 else "internal"
        words = LocalWords(position, act, "where", text=f"Chez nous {place}.", level=level)
        laid = actions.lay(on, words, seen=on.current, agent=agent, now=NOON)
    changed = LocalWords(0, "after", "where", text="Chez nous, mieux.", level="asked")
    actions.change_overlay(
        laid, changed, seen=laid.version, agent=agent, now=NOON + timedelta(hours=1), revision=1
    )
    actions.keep_synonym(agent, said="extrait", written="acte", author="Léna", now=NOON)
    actions.keep_pin(agent, words="naissance", sheet=sheet, author="Léna", now=NOON)


@pytest.mark.parametrize("kind", writing.FORMATS)
def test_everything_comes_back_byte_for_byte(tmp_path, kind):
    authority = full_house()
    first = packed(authority, kind)
    forget(authority)

    report = bring(first, tmp_path, authority)

    assert report.counts == {"new": 4}
    assert [line.words for line in (*report.told, *report.around) if line.words] == []
    assert packed(authority, kind) == first


@pytest.mark.parametrize("kind", writing.FORMATS)
def test_the_same_again_changes_nothing(tmp_path, kind):
    authority = full_house()
    content = packed(authority, kind)

    report = bring(content, tmp_path, authority)

    assert report.counts == {"unchanged": 4}
    assert [line.result for line in report.around] == ["unchanged"]


ODD = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from("\u00a0\u202f\u2028\u2029\u0085\r\n\t\u200f\ufeff]]>&<\"'\U0001f469\u0301"),
    ),
    max_size=40,
)
BLOCK = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["cost", "documents", "step", "explanation"]),
        "title": ODD,
        "level": st.sampled_from(["public", "asked", "internal", "embargo"]),
        "html": ODD | ODD.map(lambda text: f"<p>{text}<strong>{text}</strong></p>"),
    }
).map(lambda one: {**one, "until": "2027-01-01"} if one["level"] == "embargo" else one)
SHEETS = st.lists(
    st.tuples(ODD, ODD, st.lists(BLOCK, max_size=4), ODD, st.booleans()), min_size=1, max_size=3
)


@settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sheets=SHEETS, kind=st.sampled_from(writing.FORMATS))
def test_whatever_was_written_comes_back_byte_for_byte(tmp_path, sheets, kind):
    authority = AuthorityFactory.create()
    forget(authority)
    for number, (title, answer, blocks, words, is_public) in enumerate(sheets):
        new = NewSheet(
            f"X-{number}",
            f"T{title}",
            answer,
            blocks,
            keywords=[words],
            asked=[words],
            is_public=is_public,
        )
        made = actions.create_local_sheet(authority, new, now=NOON, author="")
        odd_surroundings(made, title, answer, words, now=NOON + timedelta(seconds=number))
    first = packed(authority, kind)
    forget(authority)

    report = bring(first, tmp_path, authority)
    again = bring(first, tmp_path, authority)

    assert packed_text(packed(authority, kind)) == packed_text(first)
    assert packed(authority, kind) == first
    assert set(report.counts) == {"new"}
    assert set(again.counts) == {"unchanged"}


def odd_surroundings(sheet: Sheet, title: str, answer: str, words: str, *, now: datetime) -> None:
    """A draft, local words on a national sheet and a synonym, in whatever was written."""
    agent, national = editor(), national_sheet()
    draft = actions.open_draft(sheet, agent=agent, now=now)
    typed = written(draft, title=title, short_answer=answer)
    actions.save_draft(draft, typed, agent=agent, now=now, revision=draft.revision)
    local = LocalWords(0, "after", "where", title=title, text=f"x{answer}", note=words)
    actions.lay(national, local, seen=national.current, agent=agent, now=now)
    Synonym.objects.create(
        authority=sheet.authority, said=f"{sheet.ref}{words}", written=answer, author=title,
        created_at=now,
    )  # fmt: skip


def test_a_public_export_holds_nothing_that_is_not_public():
    authority = full_house()

    text = packed_text(packed(authority, scope=Scope.PUBLIC))

    assert "gratuit" in text
    for inside in ("oreille", "Dedans", "Bientôt", "Image internal", "PA-1", "Ancienne", "livret",
                   "lena.marzin", "Léna", "Décret", "La gratuité", "2027-01-01"):  # fmt: skip
        assert inside not in text


def packed_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def test_another_house_takes_the_sheets_and_is_told_what_it_lacks(tmp_path):
    content = packed(full_house())
    theirs = AuthorityFactory.create(slug="tremalon", name="Trémalon")
    ServiceFactory.create(authority=theirs, slug="etat-civil")

    report = bring(content, tmp_path, theirs)

    sheet = Sheet.objects.get(authority=theirs)
    assert sheet.ref == "SO-012"
    assert report.counts == {"new": 1, "broken": 3}
    assert sheet.service is not None
    assert sheet.service.authority == theirs
    assert sheet.keeper is None
    told = " ".join(line.words for line in report.told)
    for missing in ("lena.marzin", "acte-naissance", "Code civil"):
        assert missing in told


@pytest.mark.parametrize("kind", writing.FORMATS)
def test_into_another_house_comes_only_what_may_be_shared(tmp_path, kind):
    content = packed(full_house(), kind)
    theirs = AuthorityFactory.create(slug="tremalon", name="Trémalon")

    report = bring(content, tmp_path, theirs)

    sheet = Sheet.objects.get(authority=theirs)
    assert sheet.current is not None
    words = str(sheet.current.blocks)
    assert "oreille" in words
    for inside in ("Dedans", "Bientôt"):
        assert inside not in words
    assert sheet.versions.count() == 1
    assert [one.title for one in sheet.attachments.all()] == []  # nobody here stands for it
    for model in (Overlay, Adoption, Synonym, Pin):
        assert not model.objects.filter(authority=theirs).exists()
    assert not SheetDraft.objects.filter(sheet__authority=theirs).exists()
    assert not Share.objects.filter(sheet__authority=theirs).exists()
    assert [line.result for line in report.around] == ["unchanged"]
    again = bring(content, tmp_path, theirs)
    assert again.counts == {"unchanged": 1, "broken": 3}


def test_a_file_of_another_house_never_takes_the_place_of_an_own_sheet(tmp_path):
    content = packed(full_house())
    theirs = AuthorityFactory.create(slug="tremalon", name="Trémalon")
    own = local_sheet(theirs, title="La nôtre")

    report = bring(content, tmp_path, theirs)

    own.refresh_from_db()
    assert (own.title, own.versions.count()) == ("La nôtre", 1)
    assert report.counts == {"broken": 4}


def test_nothing_that_stands_around_sheets_here_is_written_over(tmp_path):
    authority = full_house()
    content = packed(authority)
    Synonym.objects.update(written="autre chose")
    Pin.objects.update(author="Quelqu’un")
    SheetDraft.objects.update(title="Plus récent", saved_at=NOON + timedelta(days=3))
    laid = Overlay.objects.order_by("pk")[0]
    actions.change_overlay(
        laid, LocalWords(laid.position, "replace", "where", text="Neuf.", level="public"),
        seen=laid.version, agent=editor(), now=NOON + timedelta(days=3), revision=laid.revision,
    )  # fmt: skip
    before = packed(authority)

    bring(content, tmp_path, authority)

    assert packed(authority) == before
    assert OverlayEdit.objects.filter(did="laid").count() == 3


def test_what_is_no_longer_offered_is_not_adopted_by_a_file(tmp_path):
    authority = full_house()
    content = packed(authority)
    forget(authority)
    Share.objects.update(ended_at=NOON)

    report = bring(content, tmp_path, authority)

    assert not Adoption.objects.filter(authority=authority).exists()
    assert not Overlay.objects.filter(authority=authority, sheet__authority__isnull=False).exists()
    assert "CB-1" in report.around[0].words


def test_a_group_that_is_gone_is_founded_again_and_nobody_is_put_into_it(tmp_path):
    authority = full_house()
    content = packed(authority)
    forget(authority)
    Share.objects.all().delete()
    Group.objects.all().delete()

    report = bring(content, tmp_path, authority)

    group = Group.objects.get()
    assert [one.authority for one in group.memberships.all()] == [authority]
    assert group.workgroups.get().seats.get().agent.username == "lena.marzin"
    assert "Réseau" in report.around[0].words


def test_only_what_is_published_comes_in_when_asked(tmp_path):
    authority = full_house()
    content = packed(authority)
    forget(authority)
    path = tmp_path / "in.zip"
    path.write_bytes(content)

    report = taking.take(path, authority, now=NOON, only_published=True)

    assert report.counts == {"new": 3, "broken": 1}
    assert not SheetDraft.objects.exists()
    assert not Overlay.objects.filter(authority=authority).exists()


@pytest.mark.parametrize("scope", [Scope.PUBLIC, Scope.CURRENT])
def test_what_is_published_goes_out_without_drafts_and_local_words(scope):
    text = packed_text(packed(full_house(), scope=scope))

    for word in ("Autre titre", "SO-900", "Chez nous", "Réseau", "Sans objet", "extrait"):
        assert word not in text


def test_what_was_written_here_meanwhile_is_followed_never_lost(tmp_path):
    authority = full_house()
    content = packed(authority)
    sheet = Sheet.objects.get(ref="SO-012")
    actions.publish_version(
        sheet, now=NOON + timedelta(days=2), author="", title="Plus récent", short_answer="",
        blocks=[],
    )  # fmt: skip

    bring(content, tmp_path, authority)
    again = bring(content, tmp_path, authority)

    sheet.refresh_from_db()
    assert [v.title for v in sheet.versions.order_by("number")][-1] == "Plus récent"
    assert sheet.current.number == 2
    assert again.counts == {"unchanged": 4}


def test_a_file_from_before_takes_no_line_on_how_people_ask_away(tmp_path):
    sheet = local_sheet(ref="SO-1", asked=["où est-on né"])
    authority = sheet.authority
    started = {"title": "T", "started_at": NOON.isoformat(), "saved_at": NOON.isoformat()}
    editor()

    bring(lines(a_record(drafts=[started])), tmp_path, authority, "in.jsonl")

    sheet.refresh_from_db()
    assert sheet.asked == "où est-on né"
    assert [draft.about["asked"] for draft in SheetDraft.objects.all()] == ["où est-on né"]

    bring(lines(a_record(asked=" d’où vient-on \x07\n\n")), tmp_path, authority, "in.jsonl")

    sheet.refresh_from_db()
    assert sheet.asked == "d’où vient-on"


def test_hostile_words_are_cleaned_as_everywhere(tmp_path):
    record = a_record()
    record["versions"][0]["blocks"][0]["html"] = "<p onclick=x>a<script>alert(1)</script></p>"

    bring(lines(record), tmp_path, AuthorityFactory.create(), "in.jsonl")

    version = Sheet.objects.get(ref="SO-1").current
    assert version is not None
    assert version.blocks[0]["html"] == "<p>a</p>"


BAD: list[tuple[str, dict[str, Any]]] = [
    ("ref", {"ref": "../x"}),
    ("ref", {"ref": None}),
    ("versions", {"versions": "x"}),
    ("source_url", {"source_url": "javascript:alert(1)"}),
    ("reviewed_on", {"reviewed_on": "2026-02-31"}),
    ("is_public", {"is_public": "yes"}),
    ("breadcrumb", {"breadcrumb": "a\0b"}),
    ("", {"current": 7}),
    ("", {"extra": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}),
]


@pytest.mark.parametrize(("name", "changes"), BAD)
def test_a_record_that_is_none_is_refused_in_words_and_the_others_are_taken(
    tmp_path, name, changes
):
    content = lines(a_record(**changes), a_record(ref="SO-2"))

    report = bring(content, tmp_path, AuthorityFactory.create(), "in.jsonl")

    [told] = report.told
    assert name in told.words
    assert (told.result, told.place) == ("broken", "in.jsonl:2")
    assert report.counts["new"] == 1


def test_files_that_are_not_what_they_say_are_refused(tmp_path):
    other = "0" * 64
    file = {"title": "a", "name": "a.png", "sha256": other, "level": "public",
            "at": "2026-11-24T11:00:00+00:00"}  # fmt: skip
    editor()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("sheets.jsonl", lines(a_record(attachments=[file])))
        archive.writestr(f"files/{other}", PNG)

    report = bring(target.getvalue(), tmp_path, AuthorityFactory.create())

    assert report.counts == {"broken": 1}
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("name", ["../out.jsonl", "/etc/x.jsonl", "C:/x.jsonl", "a\\..\\b.xml"])
def test_paths_that_lead_outside_are_refused_as_a_whole(tmp_path, name):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("sheets.jsonl", lines(a_record()))
        archive.writestr(name, b"x")

    with pytest.raises(Refused):
        bring(target.getvalue(), tmp_path, AuthorityFactory.create())
    assert not Sheet.objects.exists()


def test_a_bomb_is_refused_as_a_whole(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheets.jsonl", b" " * 50_000_000)

    with pytest.raises(Refused):
        bring(target.getvalue(), tmp_path, AuthorityFactory.create())


XMLS = [
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><parvis-sheet format="parvis-sheets" '
    b'version="1"><ref>&b;</ref></parvis-sheet>',
    b"<parvis-sheet>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</parvis-sheet>",
    '<?xml version="1.0" encoding="UTF-8"?><parvis-sheet>é</parvis-sheet>'.encode("latin-1"),
    b'<?xml version="1.0" encoding="nowhere"?><parvis-sheet/>',
    b'<parvis-sheet format="parvis-sheets" version="9"/>',
    b"<other/>",
    b"",
]


@pytest.mark.parametrize("content", XMLS)
def test_hostile_xml_is_refused_in_words(tmp_path, content):
    report = bring(content, tmp_path, AuthorityFactory.create(), "in.xml")

    [told] = report.told
    assert told.result == "broken"
    assert told.words


def test_lines_that_are_no_json_are_refused_in_words(tmp_path):
    content = b"\n".join(
        [b"{", b"[" * 100_000, '{"ref":"é"}'.encode("latin-1"), b"7", b'"\\ud800"']
    )

    report = bring(content, tmp_path, AuthorityFactory.create(), "in.jsonl")

    assert report.counts == {"broken": 5}
    assert all(line.words for line in report.told)


def test_our_own_files_are_known_from_those_of_others(tmp_path):
    ours, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    ours.write_bytes(lines(a_record()))
    other.write_text(json.dumps({"id": "F1", "title": "a", "text": "b"}))

    assert reading.is_ours(ours)
    assert not reading.is_ours(other)


@pytest.mark.parametrize("count", [2, 20])
def test_an_export_costs_the_same_whatever_its_length(count, django_assert_max_num_queries):
    authority = AuthorityFactory.create()
    for number in range(count):
        local_sheet(authority, ref=f"SO-{number}")

    with django_assert_max_num_queries(24):
        packed(authority)


def test_the_commands_write_and_take_in_the_same(tmp_path, capsys):
    authority = full_house()
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"

    call_command("sheets", "export", str(first), "--authority", "orvanne", "--format", "xml")
    forget(authority)
    call_command("sheets", "import", str(first), "--authority", "orvanne")
    call_command("sheets", "export", str(second), "--authority", "orvanne", "--format", "xml")

    assert first.read_bytes() == second.read_bytes()
    assert "4 " in capsys.readouterr().out


def test_the_command_asks_for_whom(tmp_path):
    AuthorityFactory.create()
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(a_record()))

    with pytest.raises(CommandError, match="orvanne"):
        call_command("sheets", "import", str(path))


def test_an_editor_takes_sheets_out_and_in_and_it_is_written_down(client, tmp_path):
    authority = full_house()
    client.force_login(editor())

    answer = client.get(reverse("knowledge:exchange-export") + "?perimetre=whole&format=jsonl")
    content = b"".join(answer.streaming_content)
    forget(authority)
    file = SimpleUploadedFile("sheets.zip", content)
    told = client.post(reverse("knowledge:exchange-import"), {"file": file}, follow=True)

    assert Sheet.objects.filter(authority=authority).count() == 4
    assert "4 nou" in told.content.decode() or "4 new" in told.content.decode()
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"knowledge.sheets_exported", "knowledge.sheets_imported"} <= verbs
    assert packed(authority) == content


def test_the_public_export_is_what_one_gets_without_asking(client):
    full_house()
    client.force_login(editor())

    answer = client.get(reverse("knowledge:exchange-export") + "?perimetre=../x&format=exe")

    assert "oreille" not in packed_text(b"".join(answer.streaming_content))
    assert "-public-" in answer["Content-Disposition"]


def test_a_line_that_is_no_sheet_is_not_counted_as_read_and_the_file_keeps_its_name(client):
    AuthorityFactory.create()
    client.force_login(editor())
    file = SimpleUploadedFile("nos fiches.jsonl", b"not json\n")

    told = client.post(reverse("knowledge:exchange-import"), {"file": file}, follow=True)

    page = told.content.decode()
    assert "0 fiche a été lue." in page
    assert "nos fiches.jsonl:1" in page
