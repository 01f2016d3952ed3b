"""What is read: who may be meant, which rule counts, what the register says."""

import pytest
from django.utils.functional import Promise

from parvis.common import personal
from parvis.contacts.models import Channel, Contact, Need, Person
from parvis.privacy import queries
from parvis.privacy.queries.people import label_of
from tests.accounts.factories import rozenn
from tests.cases.factories import procedure, windows
from tests.privacy.factories import LATER, dpo, odette, rule
from tests.support import people

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


def test_what_is_held_is_told_in_words_of_the_reader():
    procedure()
    case = windows(person=odette()).case
    people.write(case.person, case)
    Contact.objects.filter(note="Voulait un plan").update(needs=[Need.SEAT])

    parts = {part.held.model: part.rows for part in queries.holdings(case.person)}
    told = {
        (model, cell.name): cell.text
        for model, rows in parts.items()
        for row in rows
        for cell in row
    }
    words = set(told.values())

    assert told["cases.Case", "channel"] == "guichet"
    assert told["cases.CaseEntry", "is_internal"] == "Non"
    assert told["contacts.Contact", "needs"] == "un siège pour attendre"
    assert not words & {"True", "False", "None", *Channel.values, *Need.values} - {"web"}


def test_every_column_that_is_shown_has_a_name_for_the_reader():
    nameless = [
        (held.model, name)
        for held in personal.held()
        for name in held.shown
        if not isinstance(label_of(personal.model_of(held.model)._meta.get_field(name)), Promise)
    ]

    assert nameless == []
