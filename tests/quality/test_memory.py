"""Nobody alone holds a case: the golden fixtures of the figures, and the rows behind them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions
from parvis.cases.models import Case, CaseEntry
from parvis.quality import queries
from parvis.quality.queries import Perimeter
from parvis.quality.queries.memory import remembering
from parvis.quality.rules import memory as rules
from parvis.quality.rules.memory import Gesture, Held, Passed
from parvis.quality.rules.periods import Days
from tests.accounts.factories import AgentFactory, ines, marc
from tests.cases.factories import NOON, bruno, given_to, nadia, note, planning, windows
from tests.contacts.factories import PersonFactory
from tests.organisations.factories import AuthorityFactory, ServiceFactory
from tests.quality.factories import at

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


# Rules


def test_the_share_of_cases_that_one_colleague_holds():
    people = [1, 1, 1, 2, 2, 3, 0, 4, 2, 1]

    found = rules.held_by_one(map(Held, people))

    assert (found.numerator, found.denominator, found.value) == (4, 10, 0.4)
    assert found.detail["read_by_nobody"] == 1
    assert found.interval is not None
    # Wilson, 95 in 100, for 4 of 10.
    assert [round(end, 4) for end in found.interval] == [0.1682, 0.6873]


@pytest.mark.parametrize("cases", [0, 4])
def test_fewer_than_five_cases_are_hidden(cases: int):
    found = rules.held_by_one(Held(1) for _n in range(cases))

    assert (found.value, found.numerator, found.hidden) == (None, None, True)


def passed(hours: float | None, **kwargs: Any) -> Passed:
    acted = None if hours is None else NOON + hours * HOUR
    return Passed(NOON, acted_at=acted, **kwargs)


def test_the_time_until_a_case_is_taken_over():
    rows = [
        *(passed(hours) for hours in (1, 2, 4, 30, 72)),
        passed(None),
        passed(None, next_at=NOON + HOUR),
        passed(9, next_at=NOON + 3 * HOUR),
        passed(3, next_at=NOON + 9 * HOUR),
    ]

    takeover, received, shown = rules.passed_on(rows, NOON + 9 * DAY)

    # 1, 2, 3, 4, 30, 72 hours: the middle between 3 and 4.
    assert takeover.value == 3.5 * 3600
    assert takeover.excluded == {"not_taken_over": 1, "passed_on_again": 2}
    assert (received.numerator, received.denominator) == (7, 9)
    assert (shown.numerator, shown.denominator) == (9, 9)


def test_what_was_passed_on_a_moment_ago_is_not_missed_yet():
    rows = [*(passed(1) for _n in range(5)), passed(None), passed(None, opened=True)]

    _takeover, received, _shown = rules.passed_on(rows, NOON + 2 * DAY - HOUR)
    _takeover, later, _shown = rules.passed_on(rows, NOON + 2 * DAY)

    assert (received.numerator, received.denominator, received.excluded) == (6, 6, {"not_due": 1})
    assert (later.numerator, later.denominator) == (6, 7)


def test_gestures_with_author_and_reason():
    good, bad = Gesture(True, True), Gesture(True, False)

    found = rules.traced([good] * 7 + [bad] * 2 + [Gesture(False, True, is_automatic=True)])

    assert (found.numerator, found.denominator, found.excluded) == (7, 9, {"automatic": 1})


# From the rows of cases

pytestmark = pytest.mark.django_db
MARCH = Days(date(2026, 3, 1), date(2026, 3, 31))
END = at(1, 9, month=4)


def frame(**kwargs: Any) -> Any:
    town = AuthorityFactory.create()
    return queries.frame_of(Perimeter(town, MARCH.first, MARCH.last, **kwargs))


def told() -> dict[str, Any]:
    return remembering(frame(), MARCH, END)


def opened(day: int, **kwargs: Any) -> Case:
    """A request that came by itself: nobody has read it yet."""
    person = PersonFactory.create(email=f"p{Case.objects.count()}@example.org", phone="")
    return windows(now=at(day), agent=None, channel="web", person=person, **kwargs).case


def test_a_month_of_cases_counted_by_hand():
    nadia(), bruno()
    by_one, by_two, by_none, old, acted, outside = (opened(3) for _n in range(6))
    actions.record_reading(by_one, agent=nadia(), now=at(20))
    actions.record_reading(by_one, agent=nadia(), now=at(21))
    for reader in (nadia(), bruno()):
        actions.record_reading(by_two, agent=reader, now=at(20))
    earlier = opened(3, received_on=date(2026, 1, 5))
    Case.objects.filter(pk=earlier.pk).update(opened_at=at(5, month=1))
    actions.record_reading(old, agent=nadia(), now=at(4))
    actions.record_reading(earlier, agent=nadia(), now=at(6, month=1))  # too long ago
    actions.write_to_person(acted, agent=bruno(), now=at(25), text="Hello")
    actions.say_why(outside, agent=ines(), now=at(25), reason="here")
    actions.record_reading(outside, agent=nadia(), now=at(26))
    closed = opened(3)
    actions.close(closed, agent=nadia(), now=at(28), text="Done")

    found = told()["SINGLE-HOLDER"]

    # Seven open; by_one, old and acted are known to one; by_none and earlier to nobody.
    assert by_none.pk
    assert (found.numerator, found.denominator) == (3, 7)
    assert found.detail["read_by_nobody"] == 2


def test_a_case_closed_after_the_period_was_open_in_it():
    nadia(), bruno()
    for _n in range(5):
        case = opened(3)
        actions.record_reading(case, agent=nadia(), now=at(20))
        actions.close(case, agent=nadia(), now=at(1, 8, month=4), text="Done")

    assert told()["SINGLE-HOLDER"].denominator == 5


def test_hand_overs_and_transfers_counted_by_hand():
    nadia(), bruno()
    for n in range(6):
        case = opened(3)
        offer = actions.hand_over(case, agent=nadia(), now=at(10), referent=bruno(), note=note())
        if n < 5:
            actions.accept_handover(offer, agent=bruno(), now=at(10 + n))
    elsewhere = ServiceFactory.create()
    moved = opened(3)
    actions.transfer_to_service(moved, agent=nadia(), now=at(10), service=elsewhere, note=note())

    found = told()

    # Accepted after 0, 1, 2, 3, 4 days; one offer waits; nobody has opened the transfer.
    assert found["TAKEOVER-TIME"].value == 2 * 86_400
    assert found["TAKEOVER-TIME"].excluded == {"not_taken_over": 1}
    received, shown = found["TRACE-RECEIVED"], found["TRACE-SHOWN"]
    assert (received.numerator, received.denominator) == (5, 6)
    assert (shown.numerator, shown.denominator) == (6, 6)
    trace = found["TRACE-COMPLETE"]
    assert (trace.numerator, trace.denominator) == (6, 6)


def test_an_act_of_somebody_else_is_no_take_over():
    nadia(), bruno()
    case = opened(3)
    actions.transfer_to_service(
        case, agent=nadia(), now=at(10), service=ServiceFactory.create(), note=note()
    )
    actions.write_to_person(case, agent=nadia(), now=at(11), text="One last word")

    assert told()["TAKEOVER-TIME"].excluded == {"not_taken_over": 1}


def test_a_case_is_of_no_site(client: Client):
    site = AuthorityFactory.create().sites.first()

    assert remembering(frame(site=site or object()), MARCH, END) == {}


# Pages


def signed_in(agent: Any) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(agent)
    return client


@pytest.fixture
def case() -> Case:
    now = timezone.now()
    made = windows(now=now - 2 * HOUR).case
    return given_to(bruno(), made, agent=nadia(), now=now - HOUR)


def rows_of(what: str, name: str = "quality:rows") -> str:
    today = timezone.localdate()
    return f"{reverse(name)}?first={today - DAY}&last={today}&rows={what}"


@pytest.mark.parametrize("what", ["cases", "transmissions"])
def test_the_rows_behind_tell_how_many_and_never_who(case: Case, what: str):
    rows, export = rows_of(what), rows_of(what, "quality:export")
    client = signed_in(marc())

    page, file = client.get(rows).content.decode(), client.get(export).content.decode()

    assert case.reference in page.replace("-", "")
    assert case.reference in file
    for hidden in ("Nadia", "Bruno", "fenêtres", "Odette"):
        assert hidden not in page.partition("<main")[2]
        assert hidden not in file


@pytest.mark.parametrize("what", ["cases", "transmissions"])
def test_the_rows_of_a_sealed_service_are_its_own(case: Case, what: str):
    service = planning()
    service.is_sensitive = True
    service.save(update_fields=["is_sensitive"])
    rows = rows_of(what)
    own = AgentFactory.create(
        username="own", roles=["MGR"], service=service, entry__last_name="Own"
    )

    outside = signed_in(marc()).get(rows).content.decode()
    inside = signed_in(own).get(rows).content.decode()

    assert case.reference not in outside.replace("-", "")
    assert "only its own service reads it" in outside
    assert case.reference in inside.replace("-", "")


@pytest.mark.parametrize("name", ["quality:rows", "quality:export"])
@pytest.mark.parametrize("what", ["cases", "transmissions"])
def test_whoever_counts_cases_does_not_read_them_one_by_one(case: Case, what: str, name: str):
    client = signed_in(AgentFactory.create(username="qua", entry=None, roles=["QUA"]))

    assert client.get(rows_of(what, name)).status_code == 404
    listed = client.get(rows_of("contacts")).content.decode()
    assert "rows=cases" not in listed
    assert "rows=cases" not in client.get(reverse("quality:indicators")).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_figures_cost_the_same_whatever_the_number_of_cases(
    count: int, django_assert_max_num_queries: Any
):
    for n in range(count):
        person = PersonFactory.create(email=f"p{n}@example.org", phone="")
        made = windows(person=person).case
        given_to(bruno(), made, agent=nadia(), now=NOON)
    november = Days(date(2026, 11, 1), date(2026, 11, 30))
    asked = frame()

    with django_assert_max_num_queries(10):
        remembering(asked, november, NOON + DAY)
    assert CaseEntry.objects.filter(kind="handed_over").count() == count
