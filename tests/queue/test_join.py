"""Joining by telephone from the poster at the door, and the limits against joining on spec."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from parvis.queue import actions
from parvis.queue.actions import joining
from parvis.queue.models import HallRules, Poster, Ticket
from tests.accounts.factories import ines
from tests.queue.factories import MORNING, at, desk_of, town_hall

pytestmark = pytest.mark.django_db
TOPIC = {"topic": "acte-naissance"}


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def poster() -> Poster:
    site = town_hall()
    desk_of(site)
    return actions.renew_poster(site, agent=ines(), now=MORNING)


def address(poster: Poster) -> str:
    return f"/entrer/{poster.secret}/"


def join(client: Client, poster: Poster, **more: str) -> Any:
    client.get(address(poster))
    return client.post(f"{address(poster)}ticket/", {**TOPIC, **more})


def text(response: Any) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


def test_a_telephone_at_the_door_takes_a_place(client, poster):
    response = join(client, poster)

    ticket = Ticket.objects.get()
    assert response.url.startswith("/ticket/")
    assert ticket.source == "phone"
    assert len(ticket.device_hash) == 64
    assert client.get(response.url).status_code == 200


def test_a_second_tap_and_a_second_visit_lead_to_the_same_ticket(client, poster):
    first = join(client, poster, form_key="once")
    again = client.post(f"{address(poster)}ticket/", {**TOPIC, "form_key": "once"})
    other = client.post(f"{address(poster)}ticket/", {**TOPIC, "form_key": "another"})

    assert first.url == again.url == other.url
    assert "Vous avez déjà un ticket" in text(client.get(address(poster)))
    assert Ticket.objects.count() == 1


def test_a_forged_cookie_opens_nothing(client, poster):
    join(client, poster)
    client.cookies["parvis_file"] = "forged"

    assert "Vous avez déjà un ticket" not in text(client.get(address(poster)))


def test_a_telephone_takes_so_many_tickets_a_day(client, poster):
    HallRules.objects.create(site=poster.site, phone_per_day=2)
    answers = []
    for minutes in (0, 10, 20):
        with time_machine.travel(at(minutes), tick=False):
            response = join(client, poster)
            answers.append(response.status_code)
            actions.leave(Ticket.objects.latest("pk"), now=at(minutes)) if minutes < 20 else None

    assert answers == [302, 302, 409]
    assert "plusieurs tickets" in text(response)


def test_so_many_may_wait_by_telephone(poster):
    HallRules.objects.create(site=poster.site, phone_limit=2)
    answers = [join(Client(), poster).status_code for _telephone in range(3)]

    assert answers == [302, 302, 409]


def test_one_address_cannot_fill_the_hall(poster, monkeypatch):
    limit = joining.throttle.Limit("join", burst=2, seconds=60)
    monkeypatch.setattr(joining, "PHONE_TICKETS", limit)

    assert [join(Client(), poster).status_code for _telephone in range(3)] == [302, 302, 429]


def test_a_manager_may_close_this_way_in(client, poster):
    HallRules.objects.create(site=poster.site, phone_open=False)

    assert join(client, poster).status_code == 409


def test_nobody_joins_a_closed_hall(client, poster):
    with time_machine.travel(datetime(2026, 11, 24, 20, 0, tzinfo=UTC)):
        page = client.get(address(poster))
        answer = join(client, poster)

    assert "mercredi 25 novembre" in text(page)
    assert answer.status_code == 409
    assert not Ticket.objects.exists()


def test_an_old_poster_says_so_kindly(client, poster):
    actions.renew_poster(poster.site, agent=ines(), now=at(1))

    page, answer = client.get(address(poster)), join(client, poster)

    assert page.status_code == 410
    assert "Cette affiche ne sert plus." in text(page)
    assert answer.status_code == 409


def test_an_unknown_poster_is_not_found(client, poster):
    assert client.get("/entrer/nothing-like-it/").status_code == 404
    assert client.post("/entrer/nothing-like-it/ticket/", TOPIC).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "uk"])
def test_the_page_speaks_every_language_of_the_hall(client, poster, language):
    page = text(client.get(f"{address(poster)}?langue={language}"))
    client.post(f"{address(poster)}ticket/?langue={language}", TOPIC)

    assert f'<html lang="{language}"' in page
    assert Ticket.objects.get().language == language


def test_a_hall_has_one_poster_at_a_time(poster):
    newer = actions.renew_poster(poster.site, agent=ines(), now=at(1))

    assert list(Poster.objects.filter(ended_at=None)) == [newer]
    actions.end_poster(poster.site, agent=ines(), now=at(2))
    assert not Poster.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(
    ("spoken", "language"),
    [("en-GB,en;q=0.9,fr;q=0.5", "en"), ("ar", "ar"), ("pt-BR,uk;q=0.4", "uk"), ("de", "fr")],
)
def test_a_telephone_is_spoken_to_in_its_own_language(client, poster, spoken, language):
    own = {"accept-language": spoken}

    page = text(client.get(address(poster), headers=own))
    client.post(f"{address(poster)}ticket/", TOPIC, headers=own)
    again = text(client.get(address(poster), headers=own))

    assert f'<html lang="{language}"' in page
    assert f'<html lang="{language}"' in again  # “you have a ticket already”
    assert Ticket.objects.get().language == language


def test_a_language_that_the_hall_does_not_speak_is_not_guessed(client, poster):
    HallRules.objects.update_or_create(site=poster.site, defaults={"languages": ["fr", "uk"]})

    page = text(client.get(address(poster), headers={"accept-language": "ar,uk;q=0.5"}))

    assert '<html lang="uk"' in page


def test_what_was_chosen_at_the_door_counts_more_than_the_telephone(client, poster):
    english = {"accept-language": "en"}

    client.get(f"{address(poster)}?langue=fr", headers=english)
    page = text(client.get(address(poster), headers=english))
    ticket = client.post(f"{address(poster)}ticket/", TOPIC, headers=english).url

    assert '<html lang="fr"' in page
    assert '<html lang="fr"' in text(client.get(ticket, headers=english))
