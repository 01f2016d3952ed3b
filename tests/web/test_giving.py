"""The list of documents by e-mail."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from parvis.appointments.models import Appointment
from parvis.common.models import OutgoingText
from parvis.knowledge import actions
from parvis.knowledge.models import Sheet
from parvis.web import queries
from tests.accounts.factories import rozenn
from tests.appointments.factories import booked
from tests.knowledge.factories import NOON, editor, local_sheet
from tests.knowledge.federation import editor_of, join
from tests.queue.factories import TicketFactory
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    made.sign_in(client)
    return made


def send(client: Client, ref: str, to: str) -> str:
    response = client.post(reverse("web:send-documents", args=[ref]), {"to": to}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def delivered() -> list[mail.EmailMessage]:
    call_command("db_worker", batch=True, verbosity=0, startup_delay=False, reload=False)
    return mail.outbox


def test_the_list_goes_out_signed_and_can_be_answered(client: Client, scene: Scene):
    sheet = local_sheet(scene.site.authority)

    page = send(client, sheet.ref, " Jeanne@Example.org ")

    [message] = delivered()
    assert "jeanne@example.org" in page
    assert scene.agent.service
    assert message.to == ["jeanne@example.org"]
    assert message.reply_to == [scene.agent.service.email]
    assert "- Une pièce d’identité" in message.body
    assert scene.agent.display_name in message.body
    assert "filigrane" not in message.body
    assert "Imprimante" not in message.body


def test_a_mobile_number_gets_a_text_message_that_is_signed(client: Client, scene: Scene):
    sheet = local_sheet(scene.site.authority)

    page = send(client, sheet.ref, "06 12 34 56 78")

    text = OutgoingText.objects.get()
    assert "12 34 56 78" not in page
    assert (text.to, text.purpose) == ("+33612345678", "documents")
    assert "Une pièce d’identité" in text.text
    assert text.text.endswith(f"{scene.agent.display_name}, {scene.site.label}")


def test_of_a_sheet_for_colleagues_nothing_is_given_away(client: Client, scene: Scene):
    sheet = local_sheet(scene.site.authority, is_public=False)

    response = client.post(reverse("web:send-documents", args=[sheet.ref]), {"to": "a@b.example"})

    assert response.status_code == 404
    assert delivered() == []


def test_who_booked_is_reached_with_one_key_where_they_said(scene: Scene):
    made = booked(email="jeanne@example.org")
    ticket = TicketFactory.create(site=scene.site, source="booked")
    Appointment.objects.filter(pk=made.appointment.pk).update(ticket=ticket, state="kept")

    assert queries.reach_of(ticket) == "jeanne@example.org"
    assert queries.reach_of(TicketFactory.create(site=scene.site)) == ""


def test_an_address_that_is_none_is_refused_in_words(client: Client, scene: Scene):
    sheet = local_sheet(scene.site.authority)

    assert "n’est pas une adresse" in send(client, sheet.ref, "jeanne@")
    assert delivered() == []


def test_a_sheet_of_another_authority_does_not_exist(client: Client, scene: Scene):
    sheet = local_sheet(rozenn().authority, ref="XX-001")

    response = client.post(reverse("web:send-documents", args=[sheet.ref]), {"to": "a@b.example"})

    assert response.status_code == 404


def of_a_neighbour(**changes: object) -> Sheet:
    """A sheet of Côte Brévale, which is in a group with this house."""
    other = editor_of("cote-brevale", "Côte Brévale", "hugo.tanguide")
    join(actions.found_group(editor(), name="Réseau", purpose="", now=NOON), other, by=editor())
    other.service.phone = "02 61 00 11 22"
    other.service.save()
    sheet = local_sheet(other.authority, ref="CB-1", title="Le port", **changes)
    Sheet.objects.filter(pk=sheet.pk).update(service=other.service)
    return sheet


def give(client: Client, sheet: Sheet, to: str) -> str:
    address = reverse("web:send-neighbour", args=[sheet.authority.slug, sheet.ref])
    there = reverse("knowledge:neighbours") + "?q=port"
    response = client.post(address, {"to": to, "next": there}, follow=True)
    assert response.redirect_chain[-1][0] == there
    return response.content.decode()


def test_a_neighbours_answer_and_its_contact_go_to_the_person(client: Client, scene: Scene):
    sheet = of_a_neighbour()

    page = give(client, sheet, "jeanne@example.org")

    [message] = delivered()
    assert "jeanne@example.org" in page
    for words in ("Côte Brévale", "Le port", "02 61 00 11 22", "/cote-brevale/fiches/CB-1/"):
        assert words in message.body
    assert scene.agent.display_name in message.body
    assert "Imprimante" not in message.body


def test_a_neighbours_contact_goes_to_a_mobile_number(client: Client, scene: Scene):
    give(client, of_a_neighbour(), "06 12 34 56 78")

    text = OutgoingText.objects.get()
    assert "02 61 00 11 22" in text.text
    assert text.text.endswith(f"{scene.agent.display_name}, {scene.site.label}")


def test_without_an_address_nothing_is_sent_and_it_is_said(client: Client, scene: Scene):
    page = give(client, of_a_neighbour(), "")

    assert "Donnez une adresse" in page
    assert delivered() == []


def test_the_contact_stands_beside_the_answer_with_the_page(client: Client, scene: Scene):
    sheet = of_a_neighbour()

    page = client.get(reverse("knowledge:neighbours"), {"q": "port"}).content.decode()

    for words in ("02 61 00 11 22", "/cote-brevale/fiches/CB-1/", 'data-parvis-key="e"'):
        assert words in page
    Sheet.objects.filter(pk=sheet.pk).update(is_public=False)
    address = reverse("web:send-neighbour", args=["cote-brevale", "CB-1"])
    assert client.post(address, {"to": "a@b.example"}).status_code == 404
