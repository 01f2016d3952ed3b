"""Contacts without a ticket, written down at the workstation."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from parvis.contacts.models import Contact
from tests.organisations.factories import TopicFactory
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db
LOG = "/agent/poste/contact/"


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    made.sign_in(client)
    return made


def test_letters_and_a_digit_are_a_contact(client: Client, scene: Scene):
    client.post(LOG, {"typed": "acte 2", "channel": "desk", "form_key": "a"})

    contact = Contact.objects.get()
    assert (contact.topic, contact.outcome, contact.channel) == (scene.topic, "passed_on", "desk")
    assert contact.desk == scene.desk


def test_a_beginning_that_nobody_said_is_not_invented(client: Client, scene: Scene):
    client.post(LOG, {"typed": "acte 2", "channel": "desk"})

    contact = Contact.objects.get()
    page = client.get(f"/agent/contacts/{contact.pk}/").content.decode()
    assert contact.started_at == contact.ended_at
    assert "Début et fin" not in page


def test_a_call_is_no_visit_of_the_desk(client: Client, scene: Scene):
    client.post(LOG, {"typed": "acte", "channel": "phone"})

    contact = Contact.objects.get()
    assert (contact.outcome, contact.channel, contact.desk) == ("resolved", "phone", None)


def test_letters_of_several_topics_are_asked_again_with_what_was_typed(
    client: Client, scene: Scene
):
    other = TopicFactory.create(
        authority=scene.site.authority, slug="autre", name="Acte de mariage"
    )
    scene.desk.topics.add(other)

    page = client.post(LOG, {"typed": "acte 2", "note": "pressé"}, follow=True).content.decode()

    assert not Contact.objects.exists()
    assert 'value="acte 2"' in page
    assert 'value="pressé"' in page
    assert "Acte de mariage" in page


def test_a_choice_among_them_is_a_contact(client: Client, scene: Scene):
    client.post(LOG, {"typed": "acte 4", "topic": str(scene.topic.pk)})

    assert Contact.objects.get().outcome == "appointment_made"


def test_letters_are_not_written_down_at_the_desk(client: Client, scene: Scene):
    client.post(LOG, {"typed": "acte", "channel": "post"})

    assert not Contact.objects.exists()


def test_a_taken_back_contact_is_gone(client: Client, scene: Scene):
    client.post(LOG, {"typed": "acte"})

    client.post(reverse("contacts:undo", args=[Contact.objects.get().pk]))

    assert not Contact.objects.standing().exists()
