"""The lobby display and the kiosk, as people meet them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from parvis.queue import actions
from parvis.queue.actions import joining
from parvis.queue.models import Ticket
from tests.accounts.factories import ines, rozenn
from tests.organisations.factories import TopicFactory
from tests.queue.factories import MORNING, at, canteen, desk_of, town_hall

pytestmark = pytest.mark.django_db
SLUG = "orvanne-mairie"
HOME = f"/borne/{SLUG}/"
TAKE = f"/borne/{SLUG}/ticket/"


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def site() -> Any:
    return town_hall()


@pytest.fixture
def desk(site: Any) -> Any:
    TopicFactory(authority=site.authority, on_kiosk=True)
    return desk_of(site)


def text(response: Any) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


def take(client: Client, **data: str) -> Any:
    return client.post(TAKE, {"topic": "acte-naissance", **data})


# Kiosk


def test_two_taps_from_the_door_to_a_ticket(client, desk):
    assert "/motif/acte-naissance/" in text(client.get(HOME))
    assert TAKE in text(client.get(f"{HOME}motif/acte-naissance/"))

    response = client.post(TAKE, {"topic": "acte-naissance", "priority": ""}, follow=True)

    ticket = Ticket.objects.get()
    assert (ticket.source, ticket.priority, ticket.language) == ("kiosk", "", "fr")
    assert "E\u00a01" in text(response)
    assert "data:image/svg+xml" in text(response)


def test_a_topic_of_a_family_is_two_taps_away_too(client, desk, site):
    desk.topics.add(canteen(site))

    assert "/famille/famille/" in text(client.get(HOME))
    assert 'value="cantine"' in text(client.get(f"{HOME}famille/famille/"))


def test_a_priority_is_a_category(client, desk):
    take(client, priority="pregnant")

    assert Ticket.objects.get().priority == "pregnant"


def test_an_invented_priority_is_refused_in_words(client, desk):
    response = take(client, priority="mayor")

    assert response.status_code == 409
    assert "Cette priorité n’est pas dans la liste." in text(response)
    assert not Ticket.objects.exists()


def test_a_double_tap_gives_one_ticket(client, desk):
    first = take(client, form_key="once")
    second = take(client, form_key="once")

    assert first.url == second.url
    assert Ticket.objects.count() == 1


def test_a_hammered_kiosk_says_so_kindly(client, desk, monkeypatch):
    limit = joining.throttle.Limit("kiosk", burst=2, seconds=60)
    monkeypatch.setattr(joining, "KIOSK_TICKETS", limit)
    answers = []
    for minutes in (0, 0.1, 0.2):
        with time_machine.travel(at(minutes), tick=False):
            answers.append(take(client).status_code)

    assert answers == [302, 302, 429]
    assert Ticket.objects.count() == 2


def test_the_language_goes_with_the_person(client, desk):
    english = client.get(f"{HOME}?langue=en")
    ticket = client.post(f"{TAKE}?langue=en", {"topic": "acte-naissance"}, follow=True)

    assert "What brings you here?" in text(english)
    assert english.headers["Content-Language"] == "en"
    assert "Your ticket" in text(ticket)
    assert Ticket.objects.get().language == "en"
    assert "Qu’est-ce qui vous amène" in text(client.get(HOME))


def test_what_the_browser_prefers_is_nobodys_choice(client, desk):
    page = client.get(HOME, headers={"Accept-Language": "en"})

    assert "Qu’est-ce qui vous amène" in text(page)


def test_an_invented_language_is_french(client, desk):
    assert "Qu’est-ce qui vous amène" in text(client.get(f"{HOME}?langue=<b>"))


def test_a_closed_site_says_when_it_opens_and_gives_no_ticket(client, desk):
    with time_machine.travel(datetime(2026, 11, 24, 20, 0, tzinfo=UTC)):
        page = client.get(HOME)
        answer = take(client)

    assert "mercredi 25 novembre" in text(page)
    assert (page.status_code, answer.status_code) == (200, 409)
    assert not Ticket.objects.exists()


def test_the_page_of_a_ticket_says_how_many_come_before(client, desk):
    take(client)
    with time_machine.travel(at(1), tick=False):
        response = client.post(TAKE, {"topic": "acte-naissance"}, follow=True)

    assert "1 personne avant vous." in text(response)


def test_a_wait_is_shown_only_when_somebody_receives(client, desk):
    page = f"{HOME}motif/acte-naissance/"
    before = text(client.get(page))
    actions.sit_down(desk, agent=ines(), now=MORNING)

    assert "Attente en ce moment" not in before
    assert "Attente en ce moment\u00a0: moins de 5\u00a0min." in text(client.get(page))


@pytest.mark.parametrize(
    "path",
    [
        "/borne/nowhere/",
        "/ecran/nowhere/",
        f"{HOME}motif/nothing/",
        f"{HOME}famille/nothing/",
        f"{TAKE}unknown-secret/",
    ],
)
def test_what_does_not_exist_is_not_found(client, desk, path):
    assert client.get(path).status_code == 404


def test_a_ticket_of_another_site_is_not_shown_here(client, desk):
    foreign = town_hall(slug="tremalon-mairie", authority=rozenn().authority)
    issued = actions.issue_ticket(
        foreign, desk_of(foreign).topics.get(), now=MORNING, source="kiosk"
    )

    assert client.get(f"{TAKE}{issued.secret}/").status_code == 404


def test_a_topic_that_nobody_serves_here_is_not_found(client, desk, site):
    canteen(site)

    assert client.post(TAKE, {"topic": "cantine"}).status_code == 404


@pytest.mark.parametrize("topics", [1, 12])
def test_the_start_page_costs_the_same_whatever_the_catalogue(
    client, desk, site, topics, django_assert_max_num_queries
):
    for number in range(topics):
        desk.topics.add(TopicFactory(authority=site.authority, slug=f"t{number}", on_kiosk=True))
    client.get(HOME)

    with django_assert_max_num_queries(18):
        client.get(HOME)


# Display


def test_the_display_shows_calls_next_and_message(client, desk, site):
    for _ in range(2):
        actions.issue_ticket(site, desk.topics.get(), now=MORNING, source="kiosk")
    actions.call_next(desk, agent=ines(), now=at(0))
    actions.post_notice(site, "Un agent arrive.", agent=ines(), now=at(0))

    page = text(client.get(f"/ecran/{SLUG}/"))

    assert '<span class="pv-ticket" dir="ltr">E\u00a01</span>' in page
    assert "<span>Guichet</span> <strong>1</strong>" in page
    assert '<li><span class="pv-ticket" dir="ltr">E\u00a02</span></li>' in page
    assert "Un agent arrive." in page


def test_without_script_the_display_reloads_itself(client, desk):
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in text(
        client.get(f"/ecran/{SLUG}/")
    )


def test_an_empty_hall_is_welcoming(client, desk):
    assert "Bienvenue." in text(client.get(f"/ecran/{SLUG}/"))


def test_the_screens_speak_the_time_of_the_site(client, desk, site):
    site.timezone = "Indian/Reunion"
    site.save()

    assert "12\u00a0h\u00a000" in text(client.get(f"/ecran/{SLUG}/"))


def test_the_addresses_are_those_that_were_promised():
    assert reverse("queue:display", args=[SLUG]) == f"/ecran/{SLUG}/"
    assert reverse("queue:kiosk", args=[SLUG]) == HOME
