from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from parvis.queue import actions
from parvis.queue.models import Alert, Ticket
from tests.queue.factories import canteen, desk_of
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """A hall that is open whatever the day and the hour of the test."""
    cache.clear()
    scene = hall()
    season = scene.site.seasons.get()
    season.slots.all().delete()
    for weekday in range(7):
        season.slots.create(weekday=weekday, opens="00:00", closes="23:59")
    return scene


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

    shown = page(client, issued.secret)
    # What the live page fetches again when the state changes, and what a script takes away then.
    fetched, _mark, after = shown.partition('id="suite"')[2].partition('<form class="pv-language')
    assert reverse("web:ticket-answer", args=[issued.secret]) in fetched
    assert "data-parvis-waiting" not in shown
    assert after


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

    with django_assert_max_num_queries(14):
        page(client, issued.secret)


# Letting others pass, coming back


def test_the_new_place_is_said_before_others_are_let_pass(client: Client, scene: Scene):
    issued = scene.takes(20)
    for minutes in (15, 10, 5):
        scene.waits(minutes)
    address = reverse("web:ticket-pass", args=[issued.secret])

    shown = client.get(address).content.decode()
    assert "C’est bientôt à vous" in shown
    assert "2 personnes avant vous" in shown

    client.post(address, {"form_key": "k"})
    client.post(address, {"form_key": "k"})
    issued.ticket.refresh_from_db()
    assert issued.ticket.let_past == 1
    assert "2 personnes avant vous" in page(client, issued.secret)


def test_nobody_behind_nobody_to_let_pass(client: Client, scene: Scene):
    address = reverse("web:ticket-pass", args=[scene.takes().secret])

    assert b"<form" not in client.get(address).content.split(b"<main")[1].split(b"</main")[0]


@pytest.mark.parametrize("how", ["left", "no_show"])
def test_a_left_or_missed_place_is_taken_up_again_in_time(client: Client, scene: Scene, how: str):
    issued = scene.takes(5)
    if how == "left":
        client.post(reverse("web:ticket-leave", args=[issued.secret]))
    else:
        actions.mark_no_show(scene.called(), agent=scene.agent, now=scene.now)
    address = reverse("web:ticket-back", args=[issued.secret])
    assert address in page(client, issued.secret)

    client.post(address)

    issued.ticket.refresh_from_db()
    assert issued.ticket.state == "waiting"


def test_too_late_the_place_is_gone_and_the_page_says_so(client: Client, scene: Scene):
    issued = scene.takes(60)
    actions.leave(issued.ticket, now=scene.now - timedelta(minutes=45))
    address = reverse("web:ticket-back", args=[issued.secret])

    assert address not in page(client, issued.secret)
    client.post(address)
    issued.ticket.refresh_from_db()
    assert issued.ticket.state == "left"


def test_somebody_set_aside_says_that_they_are_back(client: Client, scene: Scene):
    issued = scene.takes(5)
    actions.hold(scene.at_desk(), agent=scene.agent, now=scene.now)

    client.post(reverse("web:ticket-back", args=[issued.secret]))

    issued.ticket.refresh_from_db()
    assert issued.ticket.state == "waiting"


# Being told


def crowd(scene: Scene) -> actions.Issued:
    for minutes in (30, 25, 20, 15):
        scene.waits(minutes)
    return scene.takes(5)


def ask(client: Client, secret: str, **given: str) -> HttpResponse:
    return client.post(reverse("web:ticket-alert", args=[secret]), given)


def test_an_address_is_asked_for_and_taken_back(client: Client, scene: Scene):
    issued = crowd(scene)
    assert reverse("web:ticket-alert", args=[issued.secret]) in page(client, issued.secret)

    assert ask(client, issued.secret, channel="email", address="moi@exemple.fr").status_code == 302
    shown = page(client, issued.secret)
    assert "moi@exemple.fr" not in shown
    assert reverse("web:ticket-no-alert", args=[issued.secret]) in shown

    client.post(reverse("web:ticket-no-alert", args=[issued.secret]), {"channel": "email"})
    assert not Alert.objects.exists()


def test_a_bad_address_gets_a_clear_sentence_and_keeps_what_was_typed(client: Client, scene: Scene):
    issued = crowd(scene)

    answer = ask(client, issued.secret, channel="sms", address="06 12")

    assert answer.status_code == 409
    assert 'value="06 12"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Alert.objects.exists()


def test_addresses_cannot_be_tried_without_end(client: Client, scene: Scene):
    issued = crowd(scene)
    codes = [ask(client, issued.secret, channel="sms", address="1").status_code for _ in range(12)]

    assert codes[0] == 409
    assert codes[-1] == 429


# Words


def test_several_topics_are_listed_with_the_one_under_way(client: Client, scene: Scene):
    other = canteen(scene.site)
    desk_of(scene.site, "Guichet 2", topics=[other])
    issued = scene.takes(topics=[other])

    shown = page(client, issued.secret)
    assert scene.topic.label in shown
    assert other.label in shown


def test_a_delay_of_ones_topic_is_told_and_of_another_one_not(client: Client, scene: Scene):
    other = canteen(scene.site)
    desk_of(scene.site, "Guichet 2", topics=[other])
    secret = scene.takes().secret
    for topic, text in ((scene.topic, "Patience."), (other, "La cantine attend.")):
        actions.post_notice(scene.site, text, agent=scene.agent, now=scene.now, topic=topic)

    assert "Patience." in page(client, secret)
    assert "La cantine attend." not in page(client, secret)


def test_what_was_announced_stays_on_the_page(client: Client, scene: Scene):
    issued = crowd(scene)
    Ticket.objects.filter(pk=issued.ticket.pk).update(announced_low=10, announced_high=25)

    assert "10 à 25\u00a0min" in page(client, issued.secret)


def test_without_script_the_page_reloads_itself(client: Client, scene: Scene):
    assert '<noscript><meta http-equiv="refresh"' in page(client, scene.takes().secret)


def test_the_language_goes_with_the_ticket(client: Client, scene: Scene):
    issued = scene.takes()
    client.post(reverse("web:ticket-language", args=[issued.secret]), {"language": "en"})

    assert "Your ticket" in page(Client(), issued.secret)  # on any telephone
    issued.ticket.refresh_from_db()
    assert issued.ticket.language == "en"


def test_a_language_that_is_not_offered_is_not_found(client: Client, scene: Scene):
    address = reverse("web:ticket-language", args=[scene.takes().secret])

    assert client.post(address, {"language": "xx"}).status_code == 404


@pytest.mark.parametrize("name", ["ticket-pass", "ticket-alert", "ticket-back", "ticket-language"])
def test_a_wrong_secret_opens_nothing(client: Client, scene: Scene, name: str):
    address = reverse(f"web:{name}", args=["nobody"])
    answers = {client.post(address).content, client.post(address, {"language": "en"}).content}

    assert client.post(address).status_code == 404
    assert len(answers) == 1


def test_english(client: Client, scene: Scene):
    client.cookies["django_language"] = "en"

    assert "Your ticket" in page(client, scene.takes().secret)


def test_whoever_reloads_a_button_is_led_back_to_the_ticket(client: Client, scene: Scene):
    secret = scene.takes().secret

    answer = client.get(reverse("web:ticket-leave", args=[secret]))

    assert answer.status_code == 405
    assert "connexion" not in answer.content.decode()
    assert f'href="{reverse("web:ticket", args=[secret])}"' in answer.content.decode()


@pytest.mark.parametrize("door", ["", "https://accueil.example/ticket/", "/ticket/"])
def test_the_link_of_a_ticket_opens_the_ticket_where_requests_are_followed(
    client: Client, scene: Scene, door: str
):
    secret = scene.takes().secret

    answer = client.post("/suivi/", {"code": f"{door}{secret}"})

    assert answer.headers["Location"] == reverse("web:ticket", args=[secret])
