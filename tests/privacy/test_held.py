"""Byte search for somebody who was erased: nothing of theirs is left anywhere."""

import os
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.cases.models import Case, CaseEntry, CaseRead
from parvis.common import erasing, files, personal
from parvis.common.models import IdempotencyKey
from parvis.contacts.models import Contact, Person
from parvis.privacy import actions
from parvis.queue.models import TicketEvent
from tests.cases.factories import NOON, procedure
from tests.privacy.factories import (
    LATER,
    closed_case,
    dpo,
    granted_slip,
    nadia,
    odette,
    request_of,
    rule,
)
from tests.support import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.VAR = tmp_path / "var"
    settings.FILES = tmp_path / "var" / "files"


@pytest.fixture
def case() -> Case:
    procedure()
    rule()
    case = closed_case(NOON, person=odette())
    Case.objects.filter(pk=case.pk).update(state="open")
    case.refresh_from_db()
    people.plant(case.person, case)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOON)
    IdempotencyKey.objects.create(
        scope="x", key="y", fingerprint="z", answer=f"{case.reference} {people.CANARY}",
        created_at=NOON,
    )  # fmt: skip
    return case


def eliminate() -> None:
    slip = actions.start(granted_slip(), agent=dpo(), now=LATER)
    while actions.carry_out(slip, now=LATER):
        pass


def test_every_table_says_whether_it_keeps_words_of_people():
    silent = people.tables_of_words() - personal.declared()

    assert silent == set()


def test_every_declared_column_exists():
    for held in personal.held():
        model = apps.get_model(held.model)
        for name in (*held.shown, *(held.emptied or {}), *held.known_by):
            assert model._meta.get_field(name.partition("__")[0]), held.model


def test_every_room_plants_a_row_in_each_of_its_tables(case: Case):
    # An opinion on a sheet is of nobody: it goes by its age alone.
    assert people.without_row(case.person) == ["knowledge.Vote"]
    assert people.seen()["database"] > 40


def test_nothing_is_left_of_a_person_once_everything_came_to_its_term(case: Case):
    person = case.person
    counts = [model.objects.count() for model in (Case, CaseEntry, Contact, TicketEvent)]

    eliminate()
    actions.erase(request_of(person), agent=dpo(), now=LATER)
    erasing.sweep_files(now=LATER)

    assert [one[40:110] for one in people.contexts()] == []
    assert people.seen() == {}
    assert not Person.objects.filter(pk=person.pk).exists()
    assert [model.objects.count() for model in (Case, CaseEntry, Contact, TicketEvent)] == counts


def test_a_leak_that_was_planted_is_found(case: Case, settings):
    eliminate()
    actions.erase(request_of(case.person), agent=dpo(), now=LATER)
    erasing.sweep_files(now=LATER)

    IdempotencyKey.objects.create(
        scope="leak", key="leak", fingerprint="", answer=people.CANARY, created_at=LATER
    )
    (settings.VAR / "forgotten.log").write_text(people.CANARY)

    assert set(people.seen()) == {"database", "forgotten.log"}


def test_every_column_that_could_name_a_document_says_whether_it_does():
    assert personal.undeclared_files() == set()


def test_a_column_that_nobody_declared_stops_the_sweep(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(personal._register, "files", set())
    content = files.path_of(files.store(b"%PDF-1.7 un plan"))

    with pytest.raises(RuntimeError, match="CaseFile"):
        erasing.sweep_files(now=LATER)
    assert content.exists()


def test_a_document_that_was_never_attached_goes_after_its_time():
    now = timezone.now()
    content = files.path_of(files.store(b"%PDF-1.7 un plan"))
    day = files.UNNAMED_FOR

    assert erasing.sweep_files(now=now + day - timedelta(minutes=5)) == 0
    assert erasing.sweep_files(now=now + day + timedelta(minutes=5)) == 1
    assert not content.exists()


def test_a_document_brought_again_has_its_whole_time_again():
    content = files.path_of(files.store(b"%PDF-1.7 un plan"))
    os.utime(content, (0, 0))

    files.store(b"%PDF-1.7 un plan")

    assert erasing.sweep_files(now=timezone.now()) == 0
    assert content.exists()


@pytest.mark.parametrize("has_case", [True, False])
def test_an_erasure_ends_with_the_database_written_anew(has_case: bool):
    person = closed_case(NOON, person=odette()).person if has_case else odette()

    actions.erase(request_of(person), agent=dpo(), now=LATER)

    jobs = DBTaskResult.objects.filter(task_path__endswith="write_database_anew")
    assert jobs.count() == 1


def test_readings_of_cases_go_after_their_own_term():
    rule(subject="cases.CaseRead", active_months=12, intermediate_months=0, needs_visa=False)
    case = closed_case(NOON)
    for at in (LATER - timedelta(days=400), LATER - timedelta(days=300)):
        CaseRead.objects.create(
            authority_id=case.authority_id, case=case, agent=nadia(), service=case.service,
            day=at.date(), at=at,
        )  # fmt: skip

    actions.empty_aged(now=LATER)

    assert [row.at for row in CaseRead.objects.all()] == [LATER - timedelta(days=300)]
