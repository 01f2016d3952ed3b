from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.contacts.models import Contact
from parvis.organisations.models import Topic
from tests.interop.conftest import Api


def test_a_telephone_call_is_one_row(api: Api, topic: Topic):
    began = timezone.now() - timedelta(minutes=4)

    answer = api.post(
        "contacts",
        {
            "channel": "phone",
            "topic": str(topic.id),
            "started_at": began.isoformat(),
            "outcome": "resolved",
            "person": {"first_name": "Ada", "last_name": "Le Goff", "phone": "02 61 91 11 22"},
            "avoidable_cause": "unclear_letter",
        },
    )

    assert answer.status_code == 201
    contact = Contact.objects.get(id=answer.json()["id"])
    assert contact.person is not None
    assert contact.person.last_name == "Le Goff"
    assert contact.started_at == began
    assert answer.json()["avoidable_cause"] == "unclear_letter"


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ({"started_at": "2026-11-20T10:00:00Z", "ended_at": "2026-11-20T09:00:00Z"}, "before"),
        ({"ended_at": "2999-01-01T00:00:00Z"}, "future"),
    ],
)
def test_odd_times_are_refused_in_words(api: Api, topic: Topic, times: dict[str, str], says: str):
    body = {"channel": "phone", "topic": str(topic.id), "outcome": "resolved", **times}

    answer = api.post("contacts", body)

    assert answer.status_code == 409
    assert says in answer.json()["detail"]
    assert Contact.objects.count() == 0


def test_a_topic_of_another_authority_is_not_found(foreign_api: Api, topic: Topic):
    body = {"channel": "phone", "topic": str(topic.id), "outcome": "resolved"}

    assert foreign_api.post("contacts", body).status_code == 404


def test_a_person_of_another_authority_is_not_found(api: Api, foreign_api: Api, topic: Topic):
    body = {"channel": "phone", "topic": str(topic.id), "outcome": "resolved"}
    made = api.post("contacts", {**body, "person": {"last_name": "Le Goff"}}).json()
    assert made["person"]

    stolen = foreign_api.post("contacts", {**body, "person": made["person"]})

    assert stolen.status_code == 404
