"""The pages of data protection: what is done by hand, and what the page says."""

import pytest
from django.test import Client
from django.urls import reverse

from parvis.privacy.models import PersonRequest, RetentionRule, Slip
from tests.cases.factories import NOON
from tests.privacy.factories import closed_case, dpo, odette, rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(dpo())
    return client


def test_a_request_goes_from_the_search_to_the_copy(officer: Client):
    person = odette()
    found = officer.get(reverse("privacy:requests"), {"q": "Kerdraon"})
    officer.post(
        reverse("privacy:person", args=[person.pk]),
        {"kind": "access", "received_on": "2026-11-02"},
    )
    made = PersonRequest.objects.get()
    officer.post(reverse("privacy:request-act", args=[made.pk, "identite"]), {"how": "Carte"})

    copy = officer.post(reverse("privacy:copy", args=[made.pk]))

    assert "Odette Kerdraon" in found.content.decode()
    assert copy.headers["Content-Type"] == "application/zip"
    assert copy.headers["Cache-Control"] == "no-store"


def test_an_unchecked_rule_is_said_to_be_confirmed_still(officer: Client):
    officer.post(reverse("privacy:propose"))

    page = officer.get(reverse("privacy:rules")).content.decode()

    assert "à confirmer" in page
    assert not RetentionRule.objects.exclude(checked_on=None).exists()


def test_a_slip_without_its_visa_is_not_carried_out(officer: Client):
    rule(checked_on="2026-01-05", active_months=0, intermediate_months=0)
    case = closed_case(NOON.replace(year=2025))
    type(case).objects.update(opened_at=NOON.replace(year=2024))
    RetentionRule.objects.update(checked_on=NOON.date().replace(day=1))
    officer.post(reverse("privacy:prepare"))
    slip = Slip.objects.get()

    officer.post(reverse("privacy:slip-act", args=[slip.pk, "execution"]))

    slip.refresh_from_db()
    page = officer.get(reverse("privacy:slip", args=[slip.pk])).content.decode()
    assert slip.state == "proposed"
    assert slip.lines.get().reference in page


def test_the_page_of_a_person_leads_to_who_read_their_cases(officer: Client):
    case = closed_case(NOON, person=odette())

    page = officer.get(reverse("privacy:person", args=[case.person_id])).content.decode()

    address = f"{reverse('cases:access')}?reference={case.reference}&amp;everybody=on"
    assert address in page
    assert officer.get(address.replace("&amp;", "&")).status_code == 200
