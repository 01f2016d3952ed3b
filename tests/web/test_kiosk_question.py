"""The assistant at the kiosk: one touch asks, a ticket is near, and nobody after finds it."""

import pytest
from django.test import Client
from django.utils import timezone

from parvis.assistant.models import Conversation, Setup
from parvis.assistant.queries import screens
from parvis.contacts.models import Contact
from parvis.organisations.models import Authority
from tests.assistant.house import MINUTE
from tests.queue.routes import hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> str:
    return f"/borne/{hall()['site']}/"


def touched(client: Client, here: str, query: str = "") -> str:
    """One touch on a topic; the address of the conversation on this screen."""
    answer = client.post(f"{here}question/{query}", {"motif": "acte-naissance"})
    return str(answer.headers["Location"])


def key(address: str) -> str:
    return address.partition("?")[0].rstrip("/").rpartition("/")[2]


def test_the_tile_is_there_while_the_assistant_answers(client: Client, here: str):
    assert f"{here}question/" in client.get(here).content.decode()

    Setup.objects.create(authority=Authority.objects.get(), is_on=False)

    assert f"{here}question/" not in client.get(here).content.decode()
    assert client.get(f"{here}question/").status_code == 404


def test_one_touch_asks_and_the_ticket_carries_the_topic(client: Client, here: str):
    address = touched(client, here, "?imprimante=7&balayage=1")

    shown = client.get(address).content.decode()
    made = Conversation.objects.get()
    assert (made.place, made.topic.slug) == ("kiosk", "acte-naissance")
    assert "Réponse automatique" in shown
    ticket = client.get(f"{address}".replace("?", "fin/?") + "&vers=ticket")
    assert ticket.headers["Location"] == f"{here}motif/acte-naissance/?balayage=1&imprimante=7"


def test_the_screen_forgets_and_the_telephone_goes_on(client: Client, here: str):
    address = touched(client, here)
    telephone = f"/assistant/{screens.secret_of(key(address))}/"
    assert client.get(telephone).status_code == 200

    assert client.get(f"{address}fin/").headers["Location"] == here
    assert client.get(address).headers["Location"] == here
    assert client.post(address, {"question": "encore"}).headers["Location"] == here
    assert client.get(telephone).status_code == 200
    assert client.get(f"/assistant/{key(address)}/").status_code == 404


def test_after_a_while_without_a_question_it_is_forgotten(client: Client, here: str):
    address = touched(client, here)
    Conversation.objects.update(started_at=timezone.now() - 20 * MINUTE,
                                last_at=timezone.now() - 16 * MINUTE)  # fmt: skip

    assert client.get(address).headers["Location"] == here
    assert not Contact.objects.exists()


def test_in_arabic_the_frame_is_arabic_and_the_quotes_say_that_they_are_french(
    client: Client, here: str
):
    begin = client.get(f"{here}question/?langue=ar").content.decode()
    assert 'dir="rtl"' in begin
    assert "طرح سؤال" in begin
    assert "وهي بالفرنسية" in begin

    address = touched(client, here, "?langue=ar")
    shown = client.get(address).content.decode()
    assert address.endswith("?langue=ar")
    assert "إجابة آلية" in shown
    assert Conversation.objects.get().language == "ar"


def test_a_conversation_is_on_the_screens_of_its_own_hall_only(client: Client, here: str):
    address = touched(client, here)
    telephone = screens.secret_of(key(address))

    assert client.get(f"{here}question/{telephone}/").headers["Location"] == here
