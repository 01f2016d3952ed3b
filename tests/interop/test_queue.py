import json
from typing import Any

import pytest

from parvis.contacts.models import Contact
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import hub
from parvis.queue.models import Ticket
from tests.interop.conftest import Api


@pytest.fixture
def ticket(api: Api, site: Site, topic: Topic, desk: Desk) -> dict[str, Any]:
    answer = api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id)})
    return dict(answer.json())


def test_a_ticket_is_taken_as_the_contract_says(api: Api, site: Site, topic: Topic, desk: Desk):
    answer = api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id), "name": "Ada"})

    assert answer.status_code == 201
    told = answer.json()
    assert told["number"] == 1
    assert told["state"] == "waiting"
    assert told["ahead"] == 0
    assert isinstance(told["id"], str)
    assert "/ticket/" in told["page_url"]


def test_a_visit_from_call_to_contact(api: Api, ticket: dict[str, Any], desk: Desk):
    called = api.post(f"desks/{desk.id}/call-next")
    started = api.post(f"tickets/{ticket['id']}/start")
    done = api.post(f"tickets/{ticket['id']}/finish", {"outcome": "resolved"})

    assert called.json()["ticket"]["id"] == ticket["id"]
    assert called.json()["ticket"]["desk"] == str(desk.id)
    assert "waiting since" in called.json()["reason"]
    assert started.json()["state"] == "serving"
    assert done.json()["ticket"]["state"] == "done"
    assert done.json()["contact"]["outcome"] == "resolved"
    kinds = [e["kind"] for e in api.get(f"tickets/{ticket['id']}").json()["events"]]
    assert kinds == ["issued", "called", "started", "finished"]


def test_nobody_waiting_is_204(api: Api, desk: Desk):
    assert api.post(f"desks/{desk.id}/call-next").status_code == 204


def test_a_desk_that_holds_a_ticket_is_told_which(
    api: Api, ticket: dict[str, Any], desk: Desk, site: Site, topic: Topic
):
    api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id)})
    api.post(f"desks/{desk.id}/call-next")

    again = api.post(f"desks/{desk.id}/call-next")

    assert again.status_code == 409
    assert again["Content-Type"] == "application/problem+json"
    assert ticket["code"] in again.json()["detail"]


def test_call_next_may_finish_in_the_same_breath(
    api: Api, ticket: dict[str, Any], desk: Desk, site: Site, topic: Topic
):
    second = api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id)}).json()
    api.post(f"desks/{desk.id}/call-next")

    called = api.post(f"desks/{desk.id}/call-next", {"finish": {"outcome": "resolved"}})

    assert called.json()["ticket"]["id"] == second["id"]
    assert Ticket.objects.get(id=ticket["id"]).state == "done"


def test_a_retry_with_the_same_key_has_one_effect(api: Api, site: Site, topic: Topic, desk: Desk):
    body = {"topic": str(topic.id)}

    first = api.post(f"sites/{site.id}/tickets", body, key="k1")
    again = api.post(f"sites/{site.id}/tickets", body, key="k1")

    assert again.status_code == first.status_code == 201
    assert again.content == first.content
    assert Ticket.objects.count() == 1


def test_a_key_with_another_body_is_refused(api: Api, site: Site, topic: Topic, desk: Desk):
    api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id)}, key="k1")

    other = api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id), "name": "B"}, key="k1")

    assert other.status_code == 422
    assert Ticket.objects.count() == 1


def test_a_failed_try_may_use_its_key_again(api: Api, site: Site, topic: Topic, desk: Desk):
    empty = api.post(f"desks/{desk.id}/call-next", {"finish": {"outcome": "resolved"}}, key="k1")
    api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id)})
    api.post(f"desks/{desk.id}/call-next")

    done = api.post(f"desks/{desk.id}/call-next", {"finish": {"outcome": "resolved"}}, key="k1")

    assert empty.status_code == 409
    assert done.status_code == 204
    assert Contact.objects.count() == 1


def test_an_empty_answer_is_kept_too(api: Api, desk: Desk, site: Site, topic: Topic):
    api.post(f"desks/{desk.id}/call-next", key="k1")
    api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id)})

    assert api.post(f"desks/{desk.id}/call-next", key="k1").status_code == 204


@pytest.mark.parametrize("move", ["recall", "start", "hold", "resume", "no-show", "leave"])
def test_what_is_of_another_authority_is_not_found(
    foreign_api: Api, ticket: dict[str, Any], desk: Desk, site: Site, topic: Topic, move: str
):
    tries = [
        foreign_api.post(f"tickets/{ticket['id']}/{move}"),
        foreign_api.post(f"tickets/{ticket['id']}/finish", {"outcome": "resolved"}),
        foreign_api.post(f"tickets/{ticket['id']}/transfer", {"topic": str(topic.id)}),
        foreign_api.post(f"desks/{desk.id}/call-next"),
        foreign_api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id)}),
        foreign_api.get(f"tickets/{ticket['id']}"),
    ]

    assert {answer.status_code for answer in tries} == {404}


@pytest.mark.parametrize("given", ["x", "-1", "0", "99999999999999999999999", "1e3", "١"])
def test_nonsense_ids_exist_nowhere(api: Api, given: str):
    assert api.get(f"tickets/{given}").status_code == 404


@pytest.mark.django_db
def test_a_wrong_token_gets_a_sentence(client: Any):
    answer = client.get("/api/v1/tickets/1", headers={"Authorization": "Bearer wrong"})

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_broken_json_and_wrong_fields_are_explained(api: Api, site: Site):
    broken = api.client.post(
        f"/api/v1/sites/{site.id}/tickets", "{", content_type="application/json"
    )
    missing = api.post(f"sites/{site.id}/tickets", {"prio": 1})
    nul = api.post(f"sites/{site.id}/tickets", {"topic": "1", "name": "a\0b"})

    assert broken.status_code == 400
    assert missing.status_code == nul.status_code == 422
    assert "topic" in missing.json()["detail"]


def test_the_display_needs_no_token(client: Any, site: Site, desk: Desk):
    by_id = client.get(f"/api/v1/sites/{site.id}/display")
    by_slug = client.get(f"/api/v1/sites/{site.slug}/display")

    assert by_id.json().keys() >= {"version", "calls", "waiting", "message"}
    assert by_slug.status_code == 200


def test_the_display_is_told_alike_once_and_as_it_changes(api: Api, site: Site, desk: Desk):
    topic = desk.topics.first()
    assert topic is not None
    api.post(f"sites/{site.id}/tickets", {"topic": str(topic.id)})
    api.post(f"desks/{desk.id}/call-next", {})

    once = api.get(f"sites/{site.id}/display").json()
    _version, frame = hub._frame(hub.Place(site.id))

    streamed = json.loads(frame.decode().split("data: ", 1)[1])
    assert once["calls"]
    assert {**streamed, "at": ""} == {**once, "at": ""}


def test_the_document_of_the_api_is_open_and_complete(client: Any):
    answer = client.get("/api/v1/openapi.json")

    document = json.loads(answer.content)
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/desks/{desk}/call-next" in document["paths"]
