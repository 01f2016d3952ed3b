"""What is read: who may be meant, which rule counts, what the register says."""

import pytest

from parvis.common import personal
from parvis.contacts.models import Person
from parvis.privacy import queries
from tests.accounts.factories import rozenn
from tests.cases.factories import procedure
from tests.privacy.factories import LATER, dpo, odette, rule

pytestmark = pytest.mark.django_db


def test_the_register_is_made_of_what_rooms_declare_and_of_the_rules():
    rule(recipients="Les Archives")
    rule(procedure=procedure(), purpose="Instruire les travaux", active_months=24)

    entries = {entry.key: entry for entry in queries.register(dpo(), LATER.date())}

    assert set(entries) >= {activity.key for activity in personal.activities()}
    assert entries["cases.following"].recipients == "Les Archives"
    assert any(entry.purpose == "Instruire les travaux" for entry in entries.values())
    assert all(entry.purpose and entry.kept and entry.people for entry in entries.values())


def test_nobody_of_another_authority_finds_our_people():
    person = odette()

    assert [one.person for one in queries.found_people(dpo(), "kerdraon")] == [person]
    assert [one.person for one in queries.found_people(dpo(), person.email)] == [person]
    assert queries.found_people(rozenn(), "kerdraon") == []


def test_no_identifier_crosses_sectors():
    """No number of the State is kept, and a person is one row of one authority."""
    forbidden = {"nir", "insee", "siret", "fiscal", "neph", "franceconnect", "sub", "national"}
    columns = {
        column.name
        for held in personal.held()
        for column in personal.model_of(held.model)._meta.concrete_fields
    }

    assert not {name for name in columns if forbidden & set(name.lower().split("_"))}
    assert not [column for column in Person._meta.concrete_fields if column.unique][1:]
