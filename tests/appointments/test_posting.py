import logging
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from icalendar import Calendar

from parvis.appointments import actions, posting
from parvis.appointments.models import Message, Offer
from parvis.common.models import OutgoingText
from tests.accounts.factories import ines
from tests.appointments.factories import MONDAY, TUESDAY_NINE, agenda, booked, own_agenda, tuesday

pytestmark = pytest.mark.django_db


def send_all(now=MONDAY) -> list[EmailMessage]:
    """Send what is due, as the jobs do; gives the mails of this round."""
    before = len(mail.outbox)
    for pk in posting.due_messages(now):
        posting.deliver(pk, now=now)
    return mail.outbox[before:]


def test_a_confirmation_carries_code_link_service_and_calendar():
    made = booked(agenda())

    sent = send_all()[0]

    assert sent.to == ["jeanne@example.org"]
    assert sent.reply_to == ["etat-civil@sainte-orvanne.example"]
    assert made.secret in sent.body
    assert "Sainte-Orvanne" in sent.body
    assert "État civil" in sent.body
    part = next(p for p in message_from_bytes(sent.message().as_bytes()).walk()
                if p.get_content_type() == "text/calendar")  # fmt: skip
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert part.get_param("method") == "REQUEST"
    assert payload.endswith(b"END:VCALENDAR\r\n")
    assert Calendar.from_ical(payload)["METHOD"] == "REQUEST"


def test_a_cancellation_by_the_authority_gives_its_reason_and_other_times():
    made = booked(agenda())
    actions.cancel(made.appointment, now=MONDAY, agent=ines(), reason="Panne du réseau")

    sent = send_all()

    assert len(sent) == 1  # the confirmation that had not left yet is of no use any more
    assert "Panne du réseau" in sent[0].body
    assert "mardi 24 novembre" in sent[0].body.lower()
    assert 'method="CANCEL"' in sent[0].message().as_string()


def test_mails_speak_the_language_of_the_person():
    booked(agenda(), language="en")

    assert "Your appointment is booked." in send_all()[0].body


def test_without_an_address_nothing_is_sent():
    booked(agenda(), email="")

    assert not Message.objects.exists()


def test_a_reminder_comes_the_day_before_and_once():
    booked(agenda(), now=MONDAY - timedelta(days=3))
    send_all(MONDAY - timedelta(days=3))

    assert send_all(TUESDAY_NINE - timedelta(hours=25)) == []
    assert len(send_all(TUESDAY_NINE - timedelta(hours=24))) == 1
    assert send_all(TUESDAY_NINE - timedelta(hours=23)) == []


def test_after_a_move_only_the_new_time_is_reminded_of():
    made = booked(agenda(), now=MONDAY - timedelta(days=3))
    actions.move(
        made.appointment, starts_at=tuesday(11) + timedelta(days=1), now=MONDAY - timedelta(days=3)
    )
    send_all(MONDAY - timedelta(days=3))

    assert send_all(TUESDAY_NINE - timedelta(hours=24)) == []
    assert len(send_all(TUESDAY_NINE + timedelta(hours=2))) == 1


def test_a_mail_server_that_fails_loses_nothing(monkeypatch, caplog):
    booked(agenda())
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(EmailMessage, "send", _refuse)

    assert send_all() == []
    monkeypatch.undo()

    assert send_all(MONDAY + timedelta(seconds=30)) == []
    assert len(send_all(MONDAY + timedelta(minutes=2))) == 1
    assert send_all(MONDAY + timedelta(hours=1)) == []


def _refuse(*_args: object, **_more: object) -> int:
    raise OSError("the mail server is away")


def test_an_offer_says_until_when_the_time_is_held():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    booked(offered, tuesday(10), wants_earlier=True)
    actions.cancel(early.appointment, now=MONDAY)

    sent = [one for one in send_all() if "jeanne@example.org" in one.to]

    offer = Offer.objects.get()
    body = next(one.body for one in sent if f"plus-tot/{offer.pk}/" in one.body)
    assert "réservé jusqu’au lundi 23 novembre, 12\xa0h\xa000" in " ".join(body.split(" "))


def test_the_colleague_of_the_back_office_reads_that_the_visitor_is_here():
    made = booked(own_agenda())
    actions.arrive(made.appointment, now=tuesday(8, 50))

    sent = [one for one in send_all(tuesday(8, 50)) if one.to == ["ines@sainte-orvanne.example"]]

    assert len(sent) == 1
    assert "Jeanne Tessandier" in sent[0].body


def test_who_left_only_a_mobile_number_is_told_and_reminded_by_text_message():
    made = booked(agenda(), now=MONDAY - timedelta(days=3), email="", phone="06 39 98 01 42")
    send_all(MONDAY - timedelta(days=3))
    send_all(TUESDAY_NINE - timedelta(hours=2))

    texts = list(OutgoingText.objects.order_by("pk"))
    assert [text.purpose for text in texts] == ["appointments.confirmed", "appointments.reminder"]
    assert made.secret in texts[0].text
    assert mail.outbox == []


def test_a_landline_gets_no_text_message():
    booked(agenda(), email="", phone="02 61 91 00 10")

    assert not Message.objects.exists()
