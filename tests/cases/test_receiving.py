"""The panel of the clock on the case page, and its one-press forms."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions
from parvis.cases.actions import Wanted
from parvis.cases.models import Case, LegalClock
from tests.accounts.factories import AgentFactory
from tests.cases.factories import bruno, nadia, procedure, said_why, windows
from tests.contacts.factories import PersonFactory

pytestmark = pytest.mark.django_db
QUERIES = 8  # of a portfolio page, two of them only when nothing is remembered


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(nadia())
    return client


@pytest.fixture
def case() -> Case:
    procedure()
    return windows(now=timezone.now(), person=PersonFactory.create(email="")).case


def page(browser: Client, case: Case) -> str:
    return browser.get(reverse("cases:case", args=[case.reference])).content.decode()


def asked(case: Case, *words: str) -> Any:
    now = timezone.now()
    until = timezone.localdate(now) + timedelta(days=15)
    wanted = [Wanted(one) for one in words]
    return actions.ask_for_items(case, agent=nadia(), now=now, wanted=wanted, until=until)


def test_the_page_says_in_one_sentence_what_silence_means_and_why(browser: Client, case: Case):
    words = page(browser, case)

    for said in (
        "the request is accepted",
        "CRPA, art. L231-1",
        "To be confirmed",
        "Given on paper",
    ):
        assert said in words


def test_without_procedure_the_page_says_nothing_of_silence(browser: Client):
    assert "If nobody answers" not in page(browser, windows(now=timezone.now()).case)


def test_what_is_missing_is_asked_for_one_thing_on_each_line(browser: Client, case: Case):
    until = timezone.localdate() + timedelta(days=15)
    given = {
        "needed": "Le plan\r\n\r\nLa notice",
        "useful": "Une photo",
        "until": until.isoformat(),
    }

    answer = browser.post(reverse("cases:act", args=[case.reference, "pieces"]), given)

    assert answer.status_code == 302
    found = list(case.items.order_by("id").values_list("words", "is_indispensable"))
    assert found == [("Le plan", True), ("La notice", True), ("Une photo", False)]
    words = page(browser, case)
    assert (
        "The time before an acceptance begins when these have arrived: Le plan, La notice" in words
    )


def test_asking_without_a_last_day_is_refused_with_what_was_typed(browser: Client, case: Case):
    answer = browser.post(
        reverse("cases:act", args=[case.reference, "pieces"]), {"needed": "Le plan"}
    )

    assert answer.status_code == 409
    assert "the law asks for a last day" in answer.content.decode()
    assert "Le plan" in answer.content.decode()


def test_arrived_in_one_press(browser: Client, case: Case):
    [item] = asked(case, "Le plan")
    address = reverse("cases:item-came", args=[case.reference, item.pk])

    browser.post(address)
    again = browser.post(address, follow=True).content.decode()

    item.refresh_from_db()
    assert item.received_on == timezone.localdate()
    assert "noted already that this arrived" in again


def test_the_item_of_another_case_is_not_there(browser: Client, case: Case):
    [item] = asked(windows(now=timezone.now()).case, "Le plan")

    answer = browser.post(reverse("cases:item-came", args=[case.reference, item.pk]))

    assert answer.status_code == 404


def test_the_receipt_is_given_on_paper(browser: Client, case: Case):
    browser.post(reverse("cases:receipt", args=[case.reference]), {"way": "paper"})

    assert LegalClock.objects.get(case=case).receipt_way == "paper"
    assert "Given on paper" in page(browser, case)


def test_an_incomplete_receipt_says_what_is_missing_and_where(browser: Client):
    rule = procedure(silence="rejection", appeal="")
    case = windows(now=timezone.now()).case

    address = reverse("cases:procedure", args=[rule.pk])
    words = page(browser, case)
    assert "does not say how a refusal is contested" in words
    assert address not in words  # its door is shut to her
    head = Client()
    marc = said_why(AgentFactory.create(username="mgr", roles=["MGR"]), case)
    head.force_login(marc)
    assert address in page(head, case)
    answer = browser.post(reverse("cases:receipt", args=[case.reference]), follow=True)
    assert "would be incomplete" in answer.content.decode()


def test_the_slip_carries_what_the_receipt_must_say(browser: Client, case: Case):
    asked(case, "Le plan")

    words = browser.get(reverse("cases:slip", args=[case.reference])).content.decode()

    for said in ("Le plan", "within 2 months", "still to be confirmed", "place du Parvis"):
        assert said in words


def test_the_portfolio_marks_and_lists_what_is_near(browser: Client):
    procedure()
    now = timezone.now()
    windows(now=now, received_on=timezone.localdate(now) - timedelta(days=55))

    words = browser.get("/agent/dossiers/?whose=own&view=silence").content.decode()

    assert "Silence accepts" in words


def test_the_shelf_costs_the_same_for_one_case_and_for_many(
    browser: Client, django_assert_max_num_queries: Any
):
    procedure()
    now = timezone.now()
    day = timezone.localdate(now) - timedelta(days=55)
    windows(now=now, received_on=day)
    browser.get("/agent/dossiers/")
    with django_assert_max_num_queries(QUERIES):
        browser.get("/agent/dossiers/?whose=service&view=silence")
    for _more in range(6):
        windows(now=now, received_on=day, referent=bruno(), deputy=nadia())
    with django_assert_max_num_queries(QUERIES):
        browser.get("/agent/dossiers/?whose=service&view=silence")
