"""The copy of somebody's data for a program."""

import pytest

from parvis.common.models import JournalEntry
from tests.contacts.factories import ContactFactory
from tests.interop.conftest import Api, token_of
from tests.privacy.factories import LATER, closed_case, odette, request_of

pytestmark = pytest.mark.django_db


def test_the_data_of_a_person_are_for_the_officer_once_the_identity_is_checked():
    case = closed_case(LATER, person=odette())
    ContactFactory.create(note="Voulait un plan", person=case.person, linking="details")
    officer = Api(token_of(case.authority.slug, case.authority.name, role="DPO"))
    address = f"persons/{case.person_id}/data"

    too_early = officer.get(address)
    request_of(case.person, "access")
    got = officer.get(address)

    assert too_early.status_code == 409
    assert got.status_code == 200
    tables = {one["table"]: one["rows"] for one in got.json()["tables"]}
    assert "Voulait un plan" in [row["note"] for row in tables["contacts.Contact"]]
    assert tables["cases.Case"][0]["reference"] == case.reference
    assert JournalEntry.objects.filter(verb="privacy.person_exported").count() == 1


def test_nobody_else_reads_them():
    case = closed_case(LATER, person=odette())
    request_of(case.person, "access")

    head = Api(token_of(case.authority.slug, case.authority.name))
    foreign = Api(token_of("tremalon", "Trémalon", role="DPO"))

    assert head.get(f"persons/{case.person_id}/data").status_code == 403
    assert foreign.get(f"persons/{case.person_id}/data").status_code == 404
