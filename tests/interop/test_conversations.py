"""A conversation by its secret: no token, the line, somebody who answers, a request."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.assistant.actions import Started, duty, handing, start
from parvis.assistant.models import Conversation
from parvis.assistant.queries import house
from parvis.cases.models import Case
from tests.accounts.factories import ines
from tests.organisations.factories import AuthorityFactory, TopicFactory

pytestmark = pytest.mark.django_db


class Talk:
    """A program that knows the secret of one conversation, and nothing else."""

    def __init__(self, started: Started) -> None:
        self.row, self.client = started.conversation, Client()
        self.here = f"/api/v1/assistant/conversations/{started.secret}"

    def get(self, query: str = "") -> Any:
        return self.client.get(self.here + query)

    def post(self, end: str, body: dict[str, Any], **headers: str) -> Any:
        address = f"{self.here}/{end}"
        return self.client.post(address, body, content_type="application/json", headers=headers)


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch) -> Talk:
    TopicFactory.create()
    later = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr("parvis.assistant.queries.house.closes_at", lambda *_: later)
    return Talk(start(AuthorityFactory.create(), now=timezone.now(), place="api"))


def test_with_nobody_asked_for_the_assistant_answers(talk: Talk):
    told = talk.post("messages", {"text": "bonjour"}).json()

    assert (told["state"], told["line"]) == ("bot", None)
    assert [one["author"] for one in told["turns"]] == ["person", "assistant"]
    assert told["turns"][1]["automatic"] is True
    assert "message" in {one["way"] for one in told["ways"]}
    assert told["person"]["phone"]


def test_a_message_sent_again_under_its_key_is_said_once(talk: Talk):
    key = {"Idempotency-Key": "une-fois"}

    first = talk.post("messages", {"text": "bonjour"}, **key)
    again = talk.post("messages", {"text": "bonjour"}, **key)

    assert again.json() == first.json()
    assert talk.row.said.count() == 2
    assert talk.post("messages", {"text": "autre chose"}, **key).status_code == 422


def test_who_asks_for_somebody_sees_the_line_and_then_the_answer(talk: Talk):
    duty.go_on(ines(), now=timezone.now())

    waits = talk.post("person", {"way": "chat"}).json()
    assert (waits["state"], waits["line"]["before"], waits["ways"]) == ("waiting", 0, [])
    taken = handing.take_next(ines(), now=timezone.now())
    assert taken is not None
    handing.write_as_agent(taken, "Bonjour, je regarde.", agent=ines(), now=timezone.now())
    talk.post("messages", {"text": "Mon numéro : 06 12 34 56 78"})

    told = talk.get(f"?after={waits['turns'][-1]['number']}").json()
    assert (told["state"], told["line"]) == ("with_agent", None)
    assert told["agent"] == told["turns"][1]["name"] != ""
    assert [one["author"] for one in told["turns"]] == ["house", "agent", "person"]
    assert "06 12 34 56 78" in told["turns"][-1]["text"]  # to a person: kept as typed
    assert told["events"].startswith("/events/assistant/")

    assert talk.post("leave", {}).json()["state"] == "bot"


def test_nobody_there_is_said(talk: Talk):
    answer = talk.post("person", {"way": "chat"})

    assert answer.status_code == 409
    assert Conversation.objects.get().state == "bot"


def test_a_message_becomes_a_request_with_a_name_once(talk: Talk):
    body = {"way": "message", "topic": "acte-naissance", "text": "Il manque une page."}
    first, again = (talk.post("person", body, idempotency_key="k").json() for _time in range(2))

    assert first == again
    assert first["request"]["reference"] == Case.objects.get().reference
    assert first["request"]["followed_by"]


def test_a_call_is_promised_only_at_a_moment_that_was_offered(talk: Talk):
    body = {"way": "callback", "topic": "acte-naissance", "text": "Rappel", "phone": "0612345678"}
    assert talk.post("person", {**body, "day": "2020-01-01", "part": "am"}).status_code == 409

    moment = house.moments(talk.row.authority, timezone.now())[0]
    body |= {"day": moment.day.isoformat(), "part": moment.part}
    assert talk.post("person", body).json()["request"]


def test_a_secret_that_does_not_fit_opens_nothing(talk: Talk):
    assert Client().get("/api/v1/assistant/conversations/abc").status_code == 404
    assert Client().get(f"/api/v1/assistant/conversations/{'x' * 90}").status_code == 404
