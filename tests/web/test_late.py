"""Gestures that waited in the browser for the network."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.common.models import JournalEntry
from parvis.contacts.models import Contact
from parvis.queue import actions, queries
from parvis.queue.models import Ticket
from tests.accounts.factories import marc
from tests.organisations.factories import TopicFactory
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    made.sign_in(client)
    return made


def send_late(client: Client, name: str, *args: object, waited: int = 90, **data: object) -> dict:
    """What the browser reads when it sends a gesture so many seconds after it was made."""
    times = {"at": (timezone.now() - timedelta(seconds=waited)).isoformat()}
    response = client.post(
        reverse(f"web:{name}", args=args), {**times, **data}, headers={"Parvis-Late": "yes"}
    )
    assert response.status_code == 200, response.content
    answer: dict = response.json()
    return answer


def test_a_late_gesture_is_noted_at_its_own_time(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.called()

    answer = send_late(client, "at-desk", ticket.pk, "commencer", waited=40)

    ticket.refresh_from_db()
    assert answer["done"]
    assert ticket.started_at is not None
    assert 39 < (timezone.now() - ticket.started_at).total_seconds() < 50
    assert JournalEntry.objects.filter(verb="queue.noted_late").count() == 1


def test_a_visit_ended_in_the_cut_is_one_contact_however_often_it_is_sent(
    client: Client, scene: Scene
):
    scene.waits()
    ticket = scene.called()
    data = {"outcome": "resolved", "form_key": "made-in-the-cut"}

    first = send_late(client, "finish", ticket.pk, waited=20, **data)
    again = send_late(client, "finish", ticket.pk, waited=21, **data)

    assert first["done"]
    assert again["done"]
    assert "noté" in first["words"]
    contact = Contact.objects.get()
    assert (timezone.now() - contact.ended_at).total_seconds() > 19


def test_what_arrived_before_the_cut_has_no_second_effect(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    data = {"outcome": "passed_on", "form_key": "answer-was-lost"}
    client.post(reverse("web:finish", args=[ticket.pk]), data)

    answer = send_late(client, "finish", ticket.pk, **data)

    assert answer["done"]
    assert Contact.objects.count() == 1


def test_a_refusal_is_told_and_told_again(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    actions.finish(ticket, agent=scene.agent, now=scene.now, outcome="resolved")
    data = {"outcome": "passed_on", "form_key": "too-late"}

    answers = [send_late(client, "finish", ticket.pk, waited=5, **data) for _time in "12"]

    assert [answer["done"] for answer in answers] == [False, False]
    assert all("n’est plus à ce guichet" in answer["words"] for answer in answers)
    assert Contact.objects.get().outcome == "resolved"


def test_what_a_colleague_did_meanwhile_stands(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.called()
    colleague = marc(authority=scene.site.authority)
    actions.recall(ticket, agent=colleague, now=timezone.now() - timedelta(seconds=10))

    answer = send_late(client, "at-desk", ticket.pk, "absent", waited=40)

    ticket.refresh_from_db()
    assert not answer["done"]
    assert colleague.display_name in answer["words"]
    assert ticket.state == "called"


def test_nothing_is_noted_at_a_time_of_long_ago(client: Client, scene: Scene):
    scene.waits(300)
    ticket = scene.called()

    answer = send_late(client, "at-desk", ticket.pk, "commencer", waited=2 * 3600)

    ticket.refresh_from_db()
    assert not answer["done"]
    assert "attendu trop longtemps" in answer["words"]
    assert ticket.state == "called"


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00"])
def test_a_time_that_is_none_is_refused(client: Client, scene: Scene, at: str):
    scene.waits()
    ticket = scene.called()

    assert not send_late(client, "at-desk", ticket.pk, "absent", at=at)["done"]


def test_nobody_is_called_by_a_gesture_of_some_time_ago(client: Client, scene: Scene):
    scene.waits(12)
    scene.waits(3)
    ticket = scene.called()

    send_late(client, "finish", ticket.pk, waited=20, outcome="resolved", then="next")

    assert Ticket.objects.filter(state="called").count() == 0


def test_an_end_that_leads_to_a_case_tells_where(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()

    answer = send_late(client, "finish", ticket.pk, waited=1, outcome="case_opened")

    assert answer["next"].startswith("/agent/dossiers/nouveau/")


def test_a_number_of_the_paper_roll_keeps_its_place_in_line(client: Client, scene: Scene):
    scene.waits(1)

    answer = send_late(client, "new-ticket", waited=300, topic_words=scene.topic.name, paper="12")

    ticket = Ticket.objects.get(source="paper")
    assert answer["done"]
    assert (ticket.series, ticket.number) == ("P", 12)
    assert 299 < (timezone.now() - ticket.issued_at).total_seconds() < 320
    assert queries.line(scene.site, timezone.now()).first() == ticket


@pytest.mark.parametrize(
    ("paper", "words"), [("12", "entre-temps"), ("douze", "douze"), ("0", "rouleau")]
)
def test_a_number_that_cannot_be_is_told(client: Client, scene: Scene, paper: str, words: str):
    send_late(client, "new-ticket", topic_words=scene.topic.name, paper="12", form_key="first")

    answer = send_late(client, "new-ticket", topic_words=scene.topic.name, paper=paper)

    assert not answer["done"]
    assert words in answer["words"]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("add-leg", {"topic": "further"}),
        ("identify", {"first_name": "Yann", "last_name": "Piquemalle"}),
    ],
)
def test_further_topics_and_names_are_noted_at_their_own_time(
    client: Client, scene: Scene, name: str, data: dict[str, str]
):
    scene.waits()
    ticket = scene.at_desk()
    if "topic" in data:
        further = TopicFactory.create(authority=scene.site.authority, slug="livret")
        scene.desk.topics.add(further)
        data = {"topic": str(further.pk)}

    answer = send_late(client, name, ticket.pk, waited=0, **data)

    last = ticket.events.latest("id")
    assert answer["done"], answer
    assert ticket.code in answer["words"]
    assert last.kind in {"leg_added", "identified"}


@pytest.mark.parametrize(("name", "kept"), [("attente-guichet", "desk"), ("attente-tous", None)])
def test_on_hold_for_the_desk_or_for_anyone_outlives_the_cut(
    client: Client, scene: Scene, name: str, kept: str | None
):
    scene.waits()
    ticket = scene.at_desk()

    answer = send_late(client, "at-desk", ticket.pk, name, waited=0)

    ticket.refresh_from_db()
    assert answer["done"]
    assert (ticket.state, ticket.reserved_desk_id is not None) == ("held", kept == "desk")
