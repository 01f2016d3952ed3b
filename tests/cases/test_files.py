from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from parvis.cases import actions, queries
from parvis.cases.actions.files import OF_THE_PERSON
from parvis.cases.models import Case, CaseFile, CaseRead
from parvis.common import files
from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from tests.accounts.factories import ines, rozenn
from tests.cases.factories import NOON, bruno, nadia, planning, said_why, windows

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a plan of the windows"


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


def plan(case: Case, **kwargs: Any) -> CaseFile:
    values: dict[str, Any] = {"name": "plan.pdf", "kind": "application/pdf", "data": PDF}
    return actions.attach(case, **{"now": NOON, **values, **kwargs})


def address(kept: CaseFile) -> str:
    return reverse("cases:file", args=[kept.case.reference, kept.pk])


def test_a_document_of_the_person_is_kept_and_told_in_the_story():
    case = windows().case

    kept = plan(case)

    assert files.path_of(kept.digest).read_bytes() == PDF
    assert (kept.from_person, kept.entry.kind, kept.size) == (True, "file_added", len(PDF))
    for for_person in (True, False):
        [line] = queries.timeline(case, for_person=for_person, on=NOON.date())[-1:]
        assert [file.name for file in line.files] == ["plan.pdf"]


def test_a_document_waits_to_be_read_by_the_other_side():
    case = windows().case

    plan(case, agent=nadia())

    case.refresh_from_db()
    assert case.unread_by_person


def test_a_document_comes_with_the_line_that_brought_it():
    case = windows().case
    entry = case.entries.first()

    kept = plan(case, agent=nadia(), entry=entry)

    assert (kept.entry, case.entries.filter(kind="file_added").exists()) == (entry, False)
    assert (kept.agent, kept.from_person) == (nadia(), False)


def test_a_document_of_an_internal_line_stays_with_it():
    case = windows().case
    actions.add_note(case, agent=nadia(), now=NOON, text="A scan", reason="names a neighbour")
    entry = case.entries.get(kind="note")

    assert plan(case, agent=nadia(), entry=entry).is_internal
    with pytest.raises(Refused):
        plan(case, entry=entry)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.html", b"<script>alert(1)</script>"), ("plan.pdf", b"MZ\x90"), ("empty.pdf", b"")],
)
def test_what_is_no_document_is_refused_and_leaves_nothing(name: str, data: bytes):
    case = windows().case

    with pytest.raises(Refused):
        plan(case, name=name, data=data)

    assert not CaseFile.objects.exists()


def test_what_it_is_called_counts_for_nothing():
    kept = plan(windows().case, name="../../x\u202egpj.exe", kind="image/jpeg")

    assert kept.kind == files.PDF
    assert kept.name.endswith(".pdf")
    assert not set("/\u202e") & set(kept.name)
    assert JournalEntry.objects.get(verb="cases.file_added").data["said"] == "image/jpeg"


def test_a_case_holds_a_limited_number_of_documents_of_the_person():
    case = windows().case
    kept = plan(case)
    fields = ("case_id", "entry_id", "name", "kind", "size", "digest", "from_person", "added_at")
    values = {name: getattr(kept, name) for name in fields}
    CaseFile.objects.bulk_create(CaseFile(**values) for _n in range(OF_THE_PERSON - 1))

    with override("en"), pytest.raises(Refused, match="desk"):
        plan(case)
    assert plan(case, agent=nadia())


def test_another_authority_adds_nothing():
    with pytest.raises(Refused):
        plan(windows().case, agent=rozenn())


def test_an_item_of_another_case_is_refused():
    entry = windows().case.entries.first()

    with pytest.raises(Refused):
        plan(windows().case, agent=nadia(), entry=entry)


def test_a_colleague_saves_a_document_and_never_opens_it_here(client: Client):
    kept = plan(windows().case)
    client.force_login(bruno())

    answer = client.get(address(kept))

    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_reading_from_outside_the_service_is_kept(client: Client):
    kept = plan(windows().case)
    client.force_login(ines())

    asked = client.get(address(kept))
    said_why(ines(), kept.case)
    got = client.get(address(kept))

    assert "text/html" in asked.headers["Content-Type"]
    assert "attachment" in got.headers["Content-Disposition"]
    assert CaseRead.objects.filter(is_outside=True).count() == 1


def test_documents_stay_in_their_authority_their_service_and_their_case(client: Client):
    kept, other = plan(windows().case), windows().case
    foreign = reverse("cases:file", args=[other.reference, kept.pk])

    client.force_login(rozenn())
    assert client.get(address(kept)).status_code == 404
    client.force_login(nadia())
    assert client.get(foreign).status_code == 404
    service = planning()
    service.is_sensitive = True
    service.save()
    client.force_login(ines())
    assert client.get(address(kept)).status_code == 404
