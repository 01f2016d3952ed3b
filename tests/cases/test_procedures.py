"""The settings of procedures: who may, what they say, what they refuse."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions
from parvis.cases.models import LegalClock, Procedure
from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from tests.accounts.factories import AgentFactory
from tests.cases.factories import procedure, windows, works
from tests.organisations.factories import TopicFactory

pytestmark = pytest.mark.django_db
LIST = "/agent/reglages/demarches/"


@pytest.fixture
def head() -> Any:
    return AgentFactory.create(username="mgr", roles=["MGR"])


@pytest.fixture
def browser(head: Any) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(head)
    return client


def typed(**kwargs: Any) -> dict[str, Any]:
    return {
        "name": "Permission de voirie",
        "silence": "rejection",
        "months": "2",
        "receipt_days": "7",
        "appeal": "Tribunal administratif.",
        "is_active": "on",
        "topics": [works().pk],
        **kwargs,
    }


def test_a_procedure_is_kept_with_its_topics_and_the_journal_knows(browser: Client):
    answer = browser.post(reverse("cases:procedure-new"), typed())

    assert answer.url == LIST  # type: ignore[attr-defined]
    kept = Procedure.objects.get()
    assert [topic.pk for topic in kept.topics.all()] == [works().pk]
    assert JournalEntry.objects.filter(verb="cases.procedure_added").count() == 1


def test_topics_are_given_and_taken_back(browser: Client):
    rule, other = procedure(), TopicFactory.create(slug="voirie", name="Voirie")

    browser.post(reverse("cases:procedure", args=[rule.pk]), typed(topics=[other.pk]))

    assert list(rule.links.values_list("topic_id", flat=True)) == [other.pk]


def test_a_topic_of_another_procedure_is_refused_by_name(browser: Client):
    procedure()

    answer = browser.post(reverse("cases:procedure-new"), typed())

    assert "follows another procedure already" in answer.content.decode()
    assert Procedure.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"receipt_exemption": "fast"}, "Say why no receipt is owed"),
        ({"checked_on": "2099-01-01"}, "It is checked once it is done"),
        ({"months": "0"}, "greater than or equal to 1"),
        ({"receipt_days": "11"}, "less than or equal to 10"),
    ],
)
def test_what_cannot_be_kept_is_said(browser: Client, given: dict[str, str], sentence: str):
    answer = browser.post(reverse("cases:procedure-new"), typed(**given))

    assert sentence in answer.content.decode()
    assert not Procedure.objects.exists()


def test_what_nobody_checked_this_year_is_on_the_list(browser: Client):
    today = timezone.localdate()
    procedure(name="Jamais", name_en="", topics=[works()])
    for name, checked_on in (("Fraîche", today), ("Vieille", today - timedelta(days=400))):
        Procedure.objects.create(
            authority=works().authority, name=name, silence="none", checked_on=checked_on
        )

    page = browser.get(LIST).content.decode()
    to_check = page.partition("To check this year")[2].partition("</section>")[0]
    assert "Jamais" in to_check
    assert "Vieille" in to_check
    assert "Fraîche" not in to_check


def test_a_procedure_is_confirmed_for_one_year():
    rule = procedure(checked_on=date(2026, 3, 1))

    assert rule.is_confirmed(date(2027, 2, 28))
    assert not rule.is_confirmed(date(2027, 3, 1))
    assert not Procedure(checked_on=None).is_confirmed(date(2026, 3, 1))


def test_cases_from_before_are_counted_and_started_in_one_press(browser: Client):
    windows(now=timezone.now())
    rule = procedure()

    page = browser.get(reverse("cases:procedure", args=[rule.pk])).content.decode()
    assert "opened before and has no clock" in page
    browser.post(reverse("cases:start-clocks", args=[rule.pk]))

    assert LegalClock.objects.count() == 1


def test_no_topic_of_a_neighbour_is_taken(head: Any):
    rule = procedure()
    rule.authority_id += 1

    with pytest.raises(Refused):
        actions.keep_procedure(rule, actor=head, topics=[works()])
