from datetime import UTC, datetime, timedelta

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
        ({"ended_at": "2099-01-01T00:00:00Z"}, "future"),
    ],
)
def test_odd_times_are_refused_in_words(api: Api, topic: Topic, times: dict[str, str], says: str):
    body = {"channel": "phone", "topic": str(topic.id), "outcome": "resolved", **times}

    answer = api.post("contacts", body)

    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    assert [wrong["field"] for wrong in answer.json()["errors"]] == ["ended_at"]
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(
    "moment",
    [
        1_700_000_000,  # seconds of a clock
        "1700000000",
        "2026-11-20",
        "2026-11-20T10:00:00",  # whose ten o'clock?
        "2026-11-20T10:00Z",
        "2026-11-20T10:00:00+0100",
        "2026-02-30T10:00:00Z",
        "0001-01-01T00:00:00Z",
    ],
)
def test_a_time_is_a_day_a_time_and_its_zone(api: Api, topic: Topic, moment: object):
    body = {"channel": "phone", "topic": str(topic.id), "outcome": "resolved"}

    answer = api.post("contacts", {**body, "started_at": moment})

    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json()["errors"]] == ["started_at"]
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(
    "moment",
    ["2026-11-20T10:00:00Z", "2026-11-20t11:00:00.25+01:00", "2026-11-20 05:00:00-05:00"],
)
def test_a_time_may_be_written_in_every_way_of_the_standard(api: Api, topic: Topic, moment: str):
    body = {"channel": "phone", "topic": str(topic.id), "outcome": "resolved"}

    answer = api.post("contacts", {**body, "started_at": moment, "ended_at": moment})

    assert answer.status_code == 201, answer.content
    assert Contact.objects.get().started_at.replace(microsecond=0) == datetime(
        2026, 11, 20, 10, tzinfo=UTC
    )


def test_a_topic_of_another_authority_is_not_found(foreign_api: Api, topic: Topic):
    body = {"channel": "phone", "topic": str(topic.id), "outcome": "resolved"}

    assert foreign_api.post("contacts", body).status_code == 404


def test_a_person_of_another_authority_is_not_found(api: Api, foreign_api: Api, topic: Topic):
    body = {"channel": "phone", "topic": str(topic.id), "outcome": "resolved"}
    made = api.post("contacts", {**body, "person": {"last_name": "Le Goff"}}).json()
    assert made["person"]

    stolen = foreign_api.post("contacts", {**body, "person": made["person"]})

    assert stolen.status_code == 404
