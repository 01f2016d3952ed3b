"""Byte search for somebody who was erased: nothing of theirs is left anywhere."""

import pytest
from django.apps import apps

from parvis.cases.models import Case, CaseEntry
from parvis.common import erasing, personal
from parvis.common.models import IdempotencyKey
from parvis.contacts.models import Contact, Person
from parvis.privacy import actions
from parvis.queue.models import TicketEvent
from tests.cases.factories import NOON, procedure
from tests.privacy.factories import LATER, closed_case, dpo, granted_slip, odette, request_of, rule
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
