"""Telling those who wait that we are late, from the desk."""

import pytest
from django.urls import reverse

from parvis.queue.models import HallNotice
from tests.queue.factories import canteen, desk_of
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db
EVERYBODY = {"reason": "crowd", "minutes": "60"}


@pytest.fixture
def scene(client) -> Scene:
    scene = hall()
    scene.sign_in(client)
    return scene


def address(scene: Scene, name: str = "late-post") -> str:
    return reverse(f"web:{name}", args=[scene.site.slug])


def test_one_button_at_the_desk_tells_everyone_for_an_hour(client, scene):
    desk = reverse("web:workstation")
    answer = client.post(address(scene), {**EVERYBODY, "next": desk})

    notice = HallNotice.objects.get()
    assert (notice.until - notice.at).total_seconds() == 3600
    assert answer.headers["Location"] == desk
    assert notice.sentence in client.get(address(scene, "late")).content.decode()


def test_the_page_says_what_is_shown_and_what_was_said(client, scene):
    client.post(address(scene), EVERYBODY)
    HallNotice.objects.update(text="Un agent arrive.")

    assert client.get(address(scene, "late")).content.decode().count("Un agent arrive.") == 2


def test_for_one_topic_until_this_evening(client, scene):
    other = canteen(scene.site)
    desk_of(scene.site, "Guichet 2", topics=[other])
    client.post(address(scene), {"text": "Patience.", "topic": str(other.pk), "minutes": "0"})

    notice = HallNotice.objects.get()
    assert notice.topic == other
    assert notice.until.hour in {22, 23}  # midnight in Sainte-Orvanne


def test_a_refusal_keeps_what_was_typed(client, scene):
    page = client.post(address(scene), {"text": "a" * 201, "minutes": "120"})

    assert page.status_code == 409
    assert "a" * 201 in page.content.decode()


def test_a_message_is_taken_away_from_the_desk(client, scene):
    client.post(address(scene), EVERYBODY)
    notice = HallNotice.objects.get()
    client.post(reverse("web:late-end", args=[notice.pk]))

    notice.refresh_from_db()
    assert notice.ended_at is not None


def test_the_same_form_twice_says_it_once(client, scene):
    for _ in range(2):
        client.post(address(scene), {**EVERYBODY, "form_key": "k"})

    assert HallNotice.objects.count() == 1


@pytest.mark.parametrize("given", [{"minutes": "9999"}, {"minutes": "60", "topic": "x"}])
def test_what_the_page_does_not_offer_is_not_found(client, scene, given):
    assert client.post(address(scene), {"reason": "crowd", **given}).status_code == 404
