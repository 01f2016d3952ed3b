"""The pages of notes and talk."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from parvis.queue import actions
from parvis.queue.models import DayNote, HallMessage
from tests.accounts.factories import marc, rozenn
from tests.organisations.factories import SiteFactory
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "mots-liste"}


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    made.sign_in(client)
    return made


def address(name: str, scene: Scene) -> str:
    return reverse(f"web:{name}", args=[scene.site.slug])


def test_a_note_is_written_shown_at_the_desk_and_ended(client: Client, scene: Scene):
    client.post(address("note-write", scene), {"text": "Marché déplacé", "form_key": "a"})
    shown = client.get("/agent/poste/").content.decode()
    note = DayNote.objects.get()
    client.post(reverse("web:note-end", args=[note.pk]))

    assert "Marché déplacé" in shown
    assert "Marché déplacé" not in client.get("/agent/poste/").content.decode()


def test_a_note_that_ends_before_it_begins_is_refused_in_words(client: Client, scene: Scene):
    days = {"first_day": "2099-01-02", "last_day": "2099-01-01"}
    there = {"next": address("hall", scene)}
    page = client.post(address("note-write", scene), {"text": "x", **days, **there}, follow=True)

    assert "finit avant de commencer" in page.content.decode()
    assert not DayNote.objects.exists()


def test_a_word_is_said_once_and_read(client: Client, scene: Scene):
    data = {"text": "Qui a le tampon ?", "form_key": "one"}
    for _time in "12":
        client.post(address("say", scene), data)

    assert HallMessage.objects.count() == 1
    assert "Qui a le tampon" in client.get(address("talk", scene)).content.decode()


def test_the_panel_gets_the_messages_alone(client: Client, scene: Scene):
    response = client.post(address("say", scene), {"text": "Café ?"}, headers=HTMX, follow=True)

    page = response.content.decode()
    assert 'id="mots-liste"' in page
    assert "<html" not in page


def test_unread_words_are_counted_until_they_are_read(client: Client, scene: Scene):
    colleague = marc(authority=scene.site.authority)
    actions.say(scene.site, "Bonjour", agent=colleague, now=scene.now)

    before = client.get("/agent/poste/").content.decode()
    client.post(address("talk-seen", scene))

    assert "message non lu" in before
    assert "message non lu" not in client.get("/agent/poste/").content.decode()


def test_a_word_to_a_colleague_of_another_authority_finds_nobody(client: Client, scene: Scene):
    stranger = rozenn()

    response = client.post(address("say", scene), {"text": "Bonjour", "to": str(stranger.pk)})

    assert response.status_code == 404


def test_a_hall_of_another_authority_does_not_exist(client: Client, scene: Scene):
    foreign = SiteFactory.create(authority=rozenn().authority, slug="ailleurs")

    assert client.get(reverse("web:hall", args=[foreign.slug])).status_code == 404


def test_a_note_of_another_authority_does_not_exist(client: Client, scene: Scene):
    stranger = rozenn()
    foreign = SiteFactory.create(authority=stranger.authority, slug="ailleurs")
    stranger.site = foreign
    stranger.save(update_fields=["site"])
    note = actions.write_note(foreign, "Ailleurs", agent=stranger, now=scene.now)

    assert client.post(reverse("web:note-end", args=[note.pk])).status_code == 404
