"""The pages of data protection: what is done by hand, and what the page says."""

import pytest
from django.test import Client
from django.urls import reverse

from parvis.privacy import actions
from parvis.privacy.models import PersonRequest, RetentionRule, Slip
from tests.cases.factories import NOON
from tests.privacy.factories import closed_case, dpo, odette, request_of, rule

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


def test_a_request_written_down_is_confirmed_and_offers_the_grounds_of_its_kind(officer: Client):
    page = officer.post(
        reverse("privacy:person", args=[odette().pk]),
        {"kind": "access", "received_on": "2026-11-02"},
        follow=True,
    ).content.decode()

    assert "La demande est notée" in page
    assert "art. 15-4" in page
    assert "art. 17-3" not in page


def test_a_correction_with_a_wrong_number_says_so_and_keeps_what_was_typed(officer: Client):
    made = request_of(odette(), kind="rectify")

    answer = officer.post(
        reverse("privacy:request-act", args=[made.pk, "rectification"]),
        {"last_name": "Kerdraon", "phone": "abc"},
    )

    assert answer.status_code == 422
    assert 'value="abc"' in answer.content.decode()


def test_a_request_written_down_by_mistake_is_withdrawn(officer: Client):
    made = request_of(odette(), kind="access")

    officer.post(reverse("privacy:request-act", args=[made.pk, "retrait"]), {"reason": "Doublon"})

    made.refresh_from_db()
    assert made.state == "dropped"


def test_a_hold_lifted_in_another_tab_is_said_to_be_lifted(officer: Client):
    held = actions.hold(closed_case(NOON), agent=dpo(), now=NOON, reason="Recours")
    actions.lift(held, agent=dpo(), now=NOON)

    page = officer.post(reverse("privacy:lift", args=[held.pk]), follow=True).content.decode()

    assert "Ce gel est déjà levé." in page
