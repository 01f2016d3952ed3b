from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from parvis.cases import actions, queries
from parvis.cases.models import Case
from parvis.cases.queries import Desk, View, Whose
from tests.accounts.factories import ines, rozenn
from tests.cases.factories import NOON, bruno, given_to, nadia, planning, windows
from tests.contacts.factories import PersonFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def told(case: Case, *, for_person: bool) -> list[tuple[str, str, str]]:
    lines = queries.timeline(case, for_person=for_person, on=TODAY)
    return [(line.actor, line.text, line.words) for line in lines]


def lively() -> Case:
    case = windows(agent=ines()).case
    actions.write_to_person(case, agent=nadia(), now=NOON, text="The plan?", awaited="The plan")
    actions.add_note(case, agent=nadia(), now=NOON, text="Neighbour called", reason="Third party")
    actions.write_as_person(case, now=NOON, text="Here.")
    given_to(bruno(), case, agent=nadia(), now=NOON, why="Holidays")
    return case


def test_agents_and_the_person_read_the_same_story_but_internal_lines():
    case = lively()

    person = queries.timeline(case, for_person=True, on=TODAY)
    agents = queries.timeline(case, for_person=False, on=TODAY)

    shared = [line for line in agents if not line.internal]
    assert [line.at for line in person] == [line.at for line in shared]
    assert [line.words for line in person] == [line.words for line in shared]
    asked = "not settled yet: the person is told once somebody has accepted"
    assert [line.internal for line in agents if line.internal] == ["Third party", asked]


def test_the_story_names_who_did_what():
    story = told(lively(), for_person=True)

    assert story[0] == ("Inès Rollin", "received the request.", "")
    assert story[1][1] == "The request goes to Planning, where Nadia Amrani follows it."
    assert story[-1][:2] == ("Nadia Amrani", "handed the request over to Bruno Delcourt:")


def test_a_protected_name_is_in_no_line_that_the_person_reads():
    case = lively()
    entry = nadia().entry
    entry.name_policy, entry.name_policy_until = "service", TODAY
    entry.name_policy_reason = entry.name_policy_author = "safety"
    entry.save()

    assert "Amrani" not in str(told(case, for_person=True))
    assert "Amrani" in str(told(case, for_person=False))


def test_the_story_costs_the_same_whatever_its_length(django_assert_num_queries: Any):
    case = windows().case
    for _n in range(20):
        actions.add_note(case, agent=nadia(), now=NOON, text="x", reason="", shared=True)

    with django_assert_num_queries(5):
        queries.timeline(case, for_person=True, on=TODAY)


def test_the_receipt_carries_the_service_and_the_named_person():
    receipt = queries.receipt(windows().case, TODAY)

    assert (receipt.service, receipt.phone) == ("Planning", "02 61 91 00 42")
    assert (receipt.contact.name, receipt.contact.deputy) == ("Nadia Amrani", "Bruno Delcourt")
    assert receipt.received_on == TODAY


def test_what_comes_next_is_awaited_from_us():
    case = windows().case

    actions.plan_next_step(
        case, agent=nadia(), now=NOON, text="The decision", due_on=date(2026, 12, 24)
    )

    assert queries.awaited(case) == queries.Awaited("", "The decision", date(2026, 12, 24))


def desk(view: View, whose: Whose = Whose.OWN, now: datetime = NOON) -> Desk:
    return Desk(nadia(), view, whose, now, now.date())


def shelf(view: View, whose: Whose = Whose.OWN, now: datetime = NOON) -> list[Case]:
    return list(queries.portfolio(desk(view, whose, now)).cases)


def test_each_shelf_holds_what_its_name_says():
    case = windows().case
    other = windows(referent=bruno(), deputy=None).case
    Case.objects.filter(pk=other.pk).update(deputy=None)

    assert shelf(View.OPEN) == [case]
    assert shelf(View.OPEN, Whose.SERVICE) == [case, other]
    assert shelf(View.SLEEPING) == []
    assert shelf(View.SLEEPING, now=NOON + timedelta(days=15)) == [case]
    actions.plan_next_step(case, agent=nadia(), now=NOON, text="x", due_on=date(2026, 11, 30))
    assert shelf(View.DUE) == [case]
    actions.write_to_person(case, agent=nadia(), now=NOON, text="x", awaited="y")
    assert (shelf(View.OPEN), shelf(View.AWAITING)) == ([], [case])
    actions.close(case, agent=nadia(), now=NOON, text="x")
    assert shelf(View.CLOSED) == [case]


def test_pages_follow_each_other_without_gap(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("parvis.cases.queries.shelves.PAGE", 2)
    cases = [windows(now=NOON + timedelta(minutes=n)).case for n in range(5)]
    seen: list[Case] = []
    after = ""
    for _page in range(3):
        page = queries.portfolio(desk(View.OPEN, Whose.SERVICE), after=after)
        seen += page.cases
        after = page.next

    assert (seen, after) == (cases, "")


def test_totals_are_the_teams_and_name_nobody():
    windows()
    windows(referent=bruno(), deputy=nadia())

    totals = queries.shelf_totals(desk(View.OPEN, Whose.SERVICE))

    assert (totals.by_view[View.OPEN], totals.without_referent) == (2, 0)


def test_a_case_is_found_by_the_reference_as_dictated_or_the_name():
    case = windows().case
    dictated = case.reference.lower()

    assert queries.search(ines(), f" {dictated[:4]} {dictated[4:]}") == [case]
    assert queries.search(ines(), "kerd") == [case]
    assert queries.search(ines(), "Zorro") == []
    assert queries.search(rozenn(), case.reference) == []


def test_a_sensitive_service_is_known_of_and_nothing_more():
    odette = PersonFactory.create()
    windows(person=odette)
    service = planning()
    service.is_sensitive = True
    service.save(update_fields=["is_sensitive"])

    assert queries.search(ines(), "kerd") == []
    assert [stub.phone for stub in queries.known_elsewhere(odette, ines())] == ["02 61 91 00 42"]
    assert queries.known_elsewhere(odette, nadia()) == []
