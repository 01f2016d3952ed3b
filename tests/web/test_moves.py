"""What is out of the ordinary at a desk, by the forms of the workstation."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from parvis.organisations.models import Topic
from parvis.queue import actions, queries
from parvis.queue.models import Leg, Ticket
from tests.accounts.factories import marc
from tests.queue.factories import canteen, desk_of
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db
PAGE = "/agent/poste/"


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    made.sign_in(client)
    return made


@pytest.fixture
def school(scene: Scene) -> Topic:
    topic = canteen(scene.site)
    desk_of(scene.site, "Guichet 2", [topic])
    return topic


def send(client: Client, name: str, *args: object, **data: object) -> str:
    """The page after a gesture."""
    response = client.post(reverse(f"web:{name}", args=args), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def state(ticket: Ticket) -> Any:
    ticket.refresh_from_db()
    return ticket.state


def test_the_line_says_why_each_person_stands_there(client: Client, scene: Scene):
    scene.waits(12)
    scene.waits(3, priority="pregnant")

    page = client.get(PAGE).content.decode()

    assert page.count("Attend depuis") == 2
    assert "priorité\u00a0: grossesse" in page


def test_another_person_than_the_next_is_chosen_for_a_reason(client: Client, scene: Scene):
    scene.waits(12)
    chosen = scene.waits(3)
    assert f"Appeler {chosen.code} d’abord" in client.get(PAGE).content.decode()

    page = send(client, "choose", chosen.pk, reason="une question très courte")

    assert state(chosen) == "called"
    assert "choix de l’agent\u00a0: une question très courte" in page


def test_a_reason_in_ones_own_words_goes_before_the_list(client: Client, scene: Scene):
    chosen = scene.waits(3)

    send(client, "choose", chosen.pk, reason="une question", own_reason="perdu son chien")

    assert chosen.events.get(kind="called").data["reason"] == "perdu son chien"


def test_without_a_reason_nobody_is_chosen(client: Client, scene: Scene):
    waiting = scene.waits(3)

    page = send(client, "choose", waiting.pk, reason="")

    assert state(waiting) == "waiting"
    assert "Dites pourquoi" in page


def test_somebody_is_received_at_once_past_those_who_wait(client: Client, scene: Scene):
    scene.waits(5)
    assert "avant ceux qui attendent" in client.get(PAGE).content.decode()

    page = send(client, "new-ticket", topic_words="nai", receive="yes", reason="un tampon")

    assert "réception immédiate\u00a0: un tampon" in page.lower().replace("\u202f", "\u00a0")
    assert Ticket.objects.filter(state="serving").count() == 1


def test_a_ticket_for_two_topics_is_given_in_one_go(client: Client, scene: Scene, school: Topic):
    send(client, "new-ticket", topic_words="nai", also=school.pk)

    legs = queries.legs_of(Ticket.objects.get())
    assert [leg.topic for leg in legs] == [scene.topic, school]


def test_and_also_adds_a_topic_which_can_be_dropped(client: Client, scene: Scene, school: Topic):
    scene.waits()
    ticket = scene.at_desk()

    page = send(client, "add-leg", ticket.pk, topic=school.pk)
    leg = Leg.objects.get(topic=school)
    dropped = send(client, "drop-leg", ticket.pk, leg.pk)

    assert "Motifs de cette visite" in page
    assert "Vient ensuite" in page
    assert "Vient ensuite" not in dropped


def test_the_next_topic_waits_for_the_desk_that_serves_it(
    client: Client, scene: Scene, school: Topic
):
    scene.waits()
    ticket = scene.at_desk()
    send(client, "add-leg", ticket.pk, topic=school.pk)

    page = send(client, "finish", ticket.pk, outcome="resolved")

    assert state(ticket) == "waiting"
    assert "attend maintenant pour le motif suivant" in page


def test_the_same_desk_goes_on_with_the_next_topic(client: Client, scene: Scene, school: Topic):
    scene.desk.topics.add(school)
    scene.waits()
    scene.waits()
    ticket = scene.at_desk()
    send(client, "add-leg", ticket.pk, topic=school.pk)

    page = send(client, "finish", ticket.pk, outcome="resolved", then="next")

    assert state(ticket) == "serving"
    assert "reste avec vous pour le motif suivant" in page


def test_going_on_is_taken_back_with_one_key(client: Client, scene: Scene, school: Topic):
    scene.desk.topics.add(school)
    scene.waits()
    ticket = scene.at_desk()
    send(client, "add-leg", ticket.pk, topic=school.pk)
    send(client, "finish", ticket.pk, outcome="resolved")

    send(client, "undo")

    ticket.refresh_from_db()
    assert (ticket.state, ticket.topic) == ("serving", scene.topic)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("attente", "Pour vous"),
        ("attente-guichet", "Guichet 1"),
        ("attente-tous", "Pour tous"),
    ],
)
def test_the_list_says_who_calls_back(client: Client, scene: Scene, name: str, word: str):
    scene.waits()
    ticket = scene.at_desk()

    page = send(client, "at-desk", ticket.pk, name)

    assert state(ticket) == "held"
    assert word in page


def test_who_was_set_aside_is_back_and_called_by_the_same_agent(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    send(client, "at-desk", ticket.pk, "attente")
    send(client, "come-back", ticket.pk)
    assert state(ticket) == "waiting"

    page = send(client, "call-next")

    assert "De retour auprès de vous" in page


def test_who_did_not_come_takes_up_the_place_again(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.called()
    page = send(client, "at-desk", ticket.pk, "absent")
    assert "vient de partir" in page

    send(client, "come-back", ticket.pk)

    assert state(ticket) == "waiting"


def test_a_visitor_is_sent_to_a_colleague(client: Client, scene: Scene):
    other = desk_of(scene.site, "Guichet 2", [scene.topic])
    colleague = marc()
    actions.sit_down(other, agent=colleague, now=scene.now)
    scene.waits()
    ticket = scene.at_desk()
    assert "Marc Abgrall, Guichet 2" in client.get(PAGE).content.decode()

    send(client, "transfer", ticket.pk, colleague=colleague.pk)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.reserved_agent) == ("waiting", colleague)
    assert "Pour Marc Abgrall" in client.get(PAGE).content.decode()


def test_the_visitor_may_say_who_they_are(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()

    page = send(client, "identify", ticket.pk, last_name="Le Goff")

    ticket.refresh_from_db()
    assert ticket.person is not None
    assert "Le Goff" in page


def test_the_rule_of_the_order_is_written_on_the_page(client: Client, scene: Scene):
    assert "ne passe jamais devant elle" in client.get(PAGE).content.decode()
