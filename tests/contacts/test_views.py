from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.contacts.models import Contact, Correction
from tests.accounts.factories import AgentFactory, ines, marc, rozenn
from tests.contacts.factories import ContactFactory, with_person
from tests.organisations.factories import ServiceFactory, TopicFactory

pytestmark = pytest.mark.django_db
LOG = "contacts:log"


@pytest.fixture
def agent_client(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(ines())
    return client


@pytest.fixture
def canteen() -> Any:
    TopicFactory.create(slug="carte", name="Carte d’identité", name_en="")
    return TopicFactory.create(slug="cantine", name="Cantine scolaire", name_en="School meals")


def post(client: Client, **data: str) -> Any:
    return client.post(reverse("contacts:new"), {"channel": "phone", "minutes": "3", **data})


def test_two_letters_a_digit_and_enter(agent_client: Client, canteen: Any):
    answer = post(agent_client, typed="can 2")

    contact = Contact.objects.get()
    assert answer.status_code == 302
    assert (contact.topic, contact.outcome, contact.channel) == (canteen, "passed_on", "phone")
    assert contact.ended_at - contact.started_at == timedelta(minutes=3)


def test_the_english_name_works_too(agent_client: Client, canteen: Any):
    post(agent_client, typed="school", outcome="resolved")

    assert Contact.objects.get().topic == canteen


def test_letters_that_fit_two_topics_offer_both(agent_client: Client, canteen: Any):
    answer = post(agent_client, typed="ca", outcome="resolved")

    words = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="topic"' in words
    assert Contact.objects.count() == 0
    post(agent_client, typed="ca", outcome="resolved", topic=str(canteen.pk))
    assert Contact.objects.get().topic == canteen


def test_a_topic_of_another_authority_is_not_found(agent_client: Client):
    foreign = TopicFactory.create(authority=rozenn().authority, name="Zébu")

    post(agent_client, typed="zébu", outcome="resolved")
    post(agent_client, typed="x", outcome="resolved", topic=str(foreign.pk))

    assert Contact.objects.count() == 0


def test_a_double_click_writes_one_line(agent_client: Client, canteen: Any):
    post(agent_client, typed="can 1", form_key="k" * 20)
    post(agent_client, typed="can 1", form_key="k" * 20)

    assert Contact.objects.count() == 1


def test_level_two_is_refused_with_the_way_out_and_keeps_the_words(agent_client: Client):
    TopicFactory.create(slug="permis", name="Permis de construire", level=2)

    answer = post(agent_client, typed="permis 1", note="third call")

    words = answer.content.decode()
    assert answer.status_code == 409
    assert "outcome 3" in words
    assert "third call" in words


def test_following_by_a_service_leads_to_opening_the_case(agent_client: Client, canteen: Any):
    answer = post(agent_client, typed="can 3", reach="02 61 91 00 77", last_name="Kerdraon")

    contact = Contact.objects.get()
    assert answer.headers["Location"].endswith(f"?contact={contact.pk}")
    assert contact.person is not None
    assert contact.linking == "details"


def test_ten_seconds_to_take_it_back(agent_client: Client, canteen: Any):
    post(agent_client, typed="can 1")
    contact = Contact.objects.get()

    agent_client.post(reverse("contacts:undo", args=[contact.pk]))

    contact.refresh_from_db()
    assert contact.undone_at is not None
    assert "Cantine" not in agent_client.get(reverse(LOG)).content.decode().split("t-log")[1]


def test_the_log_is_filtered_and_shows_corrections(agent_client: Client):
    ContactFactory.create(channel="phone", note="x")
    ContactFactory.create(channel="desk", outcome="passed_on")

    both = agent_client.get(reverse(LOG))
    phone = agent_client.get(reverse(LOG) + "?channel=phone")
    none = agent_client.get(reverse(LOG) + "?day=2020-01-01")
    nonsense = agent_client.get(reverse(LOG) + "?day=soon&topic=xyz&before=rubbish")

    shown = [len(answer.context["page"].contacts) for answer in (both, phone, none)]
    assert shown == [2, 1, 0]
    assert nonsense.status_code == 200


def test_pages_of_the_log_lead_back_and_forth(
    agent_client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("parvis.contacts.queries.PAGE", 2)
    for minute in range(5):
        start = timezone.now() - timedelta(minutes=minute + 1)
        ContactFactory.create(started_at=start, ended_at=start)

    first = agent_client.get(reverse(LOG))
    second = agent_client.get(reverse(LOG) + first.context["older_url"])
    third = agent_client.get(reverse(LOG) + second.context["older_url"])
    back = agent_client.get(reverse(LOG) + third.context["newer_url"])

    sizes = [len(answer.context["page"].contacts) for answer in (first, second, third)]
    assert sizes == [2, 2, 1]
    assert list(back.context["page"].contacts) == list(second.context["page"].contacts)
    assert first.context["newer_url"] == third.context["older_url"] == ""


def test_a_referent_reads_the_lines_of_the_own_service_only(client: Client):
    other = ServiceFactory.create(slug="urbanisme", name="Urbanisme")
    ours, theirs = (
        ContactFactory.create(),
        ContactFactory.create(topic=TopicFactory.create(slug="permis", service=other)),
    )
    client.force_login(AgentFactory.create(username="ref", entry=None, roles=["REF"]))

    shown = client.get(reverse(LOG)).context["page"].contacts

    assert [line.pk for line in shown] == [ours.pk]
    assert client.get(reverse("contacts:contact", args=[theirs.pk])).status_code == 404


def test_a_correction_shows_before_and_after(client: Client):
    contact = with_person()
    client.force_login(marc())
    data = {"topic": contact.topic_id, "channel": "phone", "outcome": "passed_on"}

    answer = client.post(
        reverse("contacts:correct", args=[contact.pk]), {**data, "reason": "wrong key"}
    )

    words = client.get(reverse("contacts:contact", args=[contact.pk])).content.decode()
    assert answer.status_code == 302
    assert Correction.objects.get().reason in words


def test_a_colleague_without_the_right_corrects_nothing(client: Client):
    contact = ContactFactory.create()
    client.force_login(AgentFactory.create(username="other", entry=None))
    data = {"topic": contact.topic_id, "channel": "phone", "outcome": "passed_on"}

    answer = client.post(
        reverse("contacts:correct", args=[contact.pk]), {**data, "reason": "wrong key"}
    )

    assert answer.status_code == 409
    assert Correction.objects.count() == 0


@pytest.mark.parametrize("lines", [1, 30])
def test_the_log_costs_the_same_whatever_its_length(
    agent_client: Client, lines: int, django_assert_max_num_queries: Any
):
    for _n in range(lines):
        with_person()

    with django_assert_max_num_queries(12):
        agent_client.get(reverse(LOG))
