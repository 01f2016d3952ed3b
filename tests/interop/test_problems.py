"""Whatever goes wrong, a program gets one format with a sentence."""

import json
from typing import Any

import pytest

from parvis.queue.models import Ticket
from tests.interop.conftest import Api

COMBINING = "e" + "\u0301" * 500


def told(answer: Any) -> int:
    """The status, once it is sure that the answer is a problem with words."""
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["detail"]
    assert body["status"] == answer.status_code
    return int(answer.status_code)


@pytest.mark.parametrize("key", ["", "one"])
def test_a_body_that_is_too_long_is_refused(api: Api, site: Any, topic: Any, key: str):
    body = {"topic": str(topic.pk), "name": "x" * 3_000_000}

    assert told(api.post(f"sites/{site.pk}/tickets", body, key=key)) == 413
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "path", ["sites/%00/display", "sheets/%00", "cases/%00", "sheets/search?q=%00"]
)
def test_nul_characters_in_an_address_are_no_text(api: Api, path: str):
    assert told(api.get(path)) == 422


@pytest.mark.parametrize("name", ["a\0b", "\ud800", COMBINING, ["a"], 7])
def test_a_name_that_is_no_text_gives_no_ticket(api: Api, site: Any, topic: Any, name: Any):
    body = {"topic": str(topic.pk), "name": name}

    assert told(api.post(f"sites/{site.pk}/tickets", body)) == 422
    assert not Ticket.objects.exists()


def test_a_sheet_named_with_nul_ends_no_visit(api: Api, site: Any, topic: Any, desk: Any):
    api.post(f"sites/{site.pk}/tickets", {"topic": str(topic.pk)})
    ticket = api.post(f"desks/{desk.pk}/call-next").json()["ticket"]["id"]

    answer = api.post(f"tickets/{ticket}/finish", {"outcome": "resolved", "sheets": ["a\0"]})

    assert told(answer) == 422


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_beyond_the_calendar_is_refused(api: Api, day: str):
    assert told(api.get(f"indicators?from={day}&to={day}")) == 422


def test_a_call_that_does_not_exist_is_told_to_a_program(api: Api):
    assert told(api.get("nothing")) == 404


def test_a_method_that_does_not_exist_names_those_that_do(api: Api):
    answer = api.client.delete("/api/v1/tickets/1")

    assert told(answer) == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_a_forged_host_is_told_to_a_program(api: Api):
    assert told(api.client.get("/api/v1/tickets/1", headers={"Host": "evil.example"})) == 400


def test_a_site_that_was_given_up_gives_no_ticket_and_says_so(
    api: Api, site: Any, topic: Any, desk: Any
):
    site.is_active = False
    site.save()

    answer = api.post(f"sites/{site.pk}/tickets", {"topic": str(topic.pk)})

    assert told(answer) == 409
    assert answer.json()["code"] == "closed"
    assert not Ticket.objects.exists()


def test_a_body_that_is_no_json_is_told_so(api: Api, site: Any):
    answer = api.client.post(
        f"/api/v1/sites/{site.pk}/tickets", "{'topic'", content_type="application/json"
    )

    assert told(answer) == 400
    assert "JSON" in answer.json()["detail"]


@pytest.mark.parametrize(
    "kind",
    [
        "text/xml",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/vnd.api+json",
        "application/json; charset=utf-16",
    ],
)
@pytest.mark.parametrize("body", ["<topic/>", '{"topic": "1"}'])
def test_a_body_of_another_kind_is_told_what_to_send(api: Api, site: Any, kind: str, body: str):
    answer = api.client.generic(
        "POST", f"/api/v1/sites/{site.pk}/tickets", body.encode(), content_type=kind
    )

    assert told(answer) == 415
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "topic"),
        ({"topic": "1", "priority": "zzz"}, "priority"),
        ({"topic": "1", "name": 7}, "name"),
    ],
)
def test_a_wrong_field_is_called_as_the_sender_wrote_it(
    api: Api, site: Any, body: dict[str, Any], field: str
):
    answer = api.post(f"sites/{site.pk}/tickets", body)

    assert told(answer) == 422
    assert {one["field"] for one in answer.json()["errors"]} == {field}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "Il manque ce champ."),
        ({"topic": "1", "priority": "zzz"}, "Choisissez parmi : reduced_mobility, pregnant"),
        ({"topic": "1", "name": 7}, "Ce champ est un texte."),
        ({"topic": "1", "name": "x" * 300}, "C’est trop long : 200 au plus."),
    ],
)
def test_what_is_wrong_is_said_in_the_reader_s_language(
    api: Api, site: Any, body: dict[str, Any], says: str
):
    answer = api.client.post(
        f"/api/v1/sites/{site.pk}/tickets",
        body,
        content_type="application/json",
        headers={"Accept-Language": "fr"},
    )

    assert told(answer) == 422
    assert answer.json()["errors"][0]["says"].replace("\xa0", " ").startswith(says)


def test_a_wrong_field_inside_another_is_called_with_both(api: Api, topic: Any):
    body = {
        "topic": topic.pk, "channel": "phone", "outcome": "resolved", "person": {"email": 7}
    }  # fmt: skip

    answer = api.post("contacts", body)

    assert told(answer) == 422
    assert "person.email" in {one["field"] for one in answer.json()["errors"]}


def test_an_id_that_nothing_has_is_named(api: Api, site: Any):
    answer = api.post(f"sites/{site.pk}/tickets", {"topic": "999999"})

    assert told(answer) == 404
    assert "999999" in answer.json()["detail"]


def test_a_time_without_zone_is_not_understood(api: Api, topic: Any):
    body = {
        "topic": topic.pk, "channel": "phone", "outcome": "resolved",
        "started_at": "2026-11-22T08:00:00",
    }  # fmt: skip

    answer = api.post("contacts", body)

    assert told(answer) == 422
    assert answer.json()["errors"][0]["field"] == "started_at"


def test_an_unknown_token_and_a_foreign_ticket_are_told_in_words(
    api: Api, foreign_api: Api, site: Any, topic: Any, desk: Any
):
    ticket = api.post(f"sites/{site.pk}/tickets", {"topic": str(topic.pk)}).json()["id"]

    assert told(Api("nobody").get(f"tickets/{ticket}")) == 401
    assert told(foreign_api.post(f"tickets/{ticket}/leave")) == 404


@pytest.mark.parametrize("email", ["not-an-email", "a@b.c\r\nBcc: x@y.zz", "a b@example.org"])
def test_an_address_that_is_none_is_refused_at_its_field(api: Api, topic: Any, email: str):
    body = {
        "topic": str(topic.pk), "channel": "desk", "description": "Un acte.",
        "person": {"last_name": "Vasseur", "email": email},
    }  # fmt: skip

    answer = api.post("cases", body)

    assert told(answer) == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["person.email"]


@pytest.mark.parametrize("call", ["sites/1/tickets", "contacts", "cases"])
def test_half_a_character_is_no_text_wherever_it_stands(api: Api, call: str):
    body = '{"topic": "\\uD800", "channel": "desk", "outcome": "resolved", "description": "a"}'

    answer = api.client.post(f"/api/v1/{call}", body, content_type="application/json")

    assert told(answer) == 422


def test_a_whole_character_in_two_escapes_is_text(api: Api, site: Any, topic: Any, desk: Any):
    body = f'{{"topic": "{topic.pk}", "name": "Odile \\ud83d\\ude42"}}'

    answer = api.client.post(
        f"/api/v1/sites/{site.pk}/tickets", body, content_type="application/json"
    )

    assert answer.status_code == 201
