from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from parvis.queue import actions
from parvis.queue.models import Ticket
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    cache.clear()
    return hall()


def page(client: Client, secret: str) -> str:
    response = client.get(f"/ticket/{secret}/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_place_in_line_is_told(client: Client, scene: Scene):
    scene.waits(20)
    issued = scene.takes(5)

    shown = page(client, issued.secret)

    assert issued.ticket.code in shown
    assert "1 personne avant vous" in shown


def test_the_call_names_the_desk(client: Client, scene: Scene):
    issued = scene.takes()
    scene.called()

    assert "Présentez-vous" in page(client, issued.secret)
    assert "Guichet 1" in page(client, issued.secret)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("held", "Votre place est gardée"),
        ("no_show", "Vous avez été appelé"),
        ("left", "Votre place est rendue"),
    ],
)
def test_every_state_says_what_to_do(client: Client, scene: Scene, state: str, words: str):
    issued = scene.takes()
    ticket = scene.called()
    Ticket.objects.filter(pk=ticket.pk).update(state=state, ended_at=scene.now)

    assert words in page(client, issued.secret)


def test_after_the_visit_the_page_asks_whether_it_was_solved(client: Client, scene: Scene):
    issued = scene.takes()
    ticket = scene.at_desk()
    actions.finish(ticket, agent=scene.agent, now=scene.now, outcome="resolved")

    assert reverse("web:ticket-answer", args=[issued.secret]) in page(client, issued.secret)


def test_unknown_and_expired_secrets_look_alike(client: Client, scene: Scene):
    issued = scene.takes()
    Ticket.objects.update(issued_at=scene.now - timedelta(days=15))

    unknown, expired = client.get("/ticket/nobody/"), client.get(f"/ticket/{issued.secret}/")

    assert (unknown.status_code, expired.status_code) == (404, 404)
    assert unknown.content == expired.content


def test_the_page_is_discreet(client: Client, scene: Scene):
    response = client.get(f"/ticket/{scene.takes().secret}/")

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Cache-Control"] == "no-store"


def test_the_place_is_given_back_once(client: Client, scene: Scene):
    issued = scene.takes()
    address = reverse("web:ticket-leave", args=[issued.secret])

    for _again in range(2):
        answer = client.post(address, {"form_key": "one-click"}, follow=True)

    issued.ticket.refresh_from_db()
    assert issued.ticket.state == "left"
    assert "Votre place est rendue" in answer.content.decode()


def test_reading_the_page_changes_nothing(client: Client, scene: Scene):
    issued = scene.takes()

    page(client, issued.secret)
    answer = client.get(reverse("web:ticket-leave", args=[issued.secret]))

    issued.ticket.refresh_from_db()
    assert answer.status_code == 405
    assert issued.ticket.state == "waiting"


def test_a_place_is_not_given_back_while_being_received(client: Client, scene: Scene):
    issued = scene.takes()
    scene.at_desk()

    answer = client.post(reverse("web:ticket-leave", args=[issued.secret]), follow=True)

    issued.ticket.refresh_from_db()
    assert answer.status_code == 200
    assert issued.ticket.state == "serving"


@pytest.mark.parametrize("waiting", [1, 30])
def test_the_page_costs_the_same_whatever_the_line(
    client: Client,
    scene: Scene,
    waiting: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    for minutes in range(waiting):
        scene.waits(minutes + 3)
    issued = scene.takes(1)
    page(client, issued.secret)

    with django_assert_max_num_queries(12):
        page(client, issued.secret)


def test_english(client: Client, scene: Scene):
    client.cookies["django_language"] = "en"

    assert "Your ticket" in page(client, scene.takes().secret)
