"""Sending one message: claimed by one job at a time, tried again until the server takes it."""

import logging
from datetime import datetime, timedelta
from email.mime.text import MIMEText

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django_tasks import task

from parvis.appointments import letters, rules
from parvis.appointments.letters import Letter
from parvis.appointments.models import Appointment, Message
from parvis.common import sms
from parvis.common.errors import Refused

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)  # a job that died while sending leaves the message to the next
# Of no use once the time has come.
BEFORE_ONLY = frozenset({Message.Kind.REMINDER, Message.Kind.OFFER, Message.Kind.CONFIRMED})
TOLD_ALIVE = frozenset({rules.BOOKED, rules.ARRIVED})


@task()
def deliver_message(message_id: int) -> None:
    """Send one message now if it is due and nobody else is sending it."""
    deliver(message_id, now=timezone.now())


def deliver(message_id: int, *, now: datetime) -> bool:
    """Send a message and note it; a failure is noted too and tried again later."""
    due = Message.objects.filter(pk=message_id, sent_at=None, dropped_at=None, due_at__lte=now)
    if not due.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    message = Message.objects.select_related(
        "offer",
        "appointment__topic",
        "appointment__agenda__site__authority",
        "appointment__agenda__service",
        "appointment__agenda__agent__entry__service",
        "appointment__agenda__agent__entry__authority",
    ).get(pk=message_id)
    if not _is_of_use(message, now):
        return _close(message, dropped_at=now)
    try:
        sent = _send(message, now)
    except Exception:
        # Whatever the server said: the row stays, and the next try comes by itself.
        log.exception("message %s about an appointment could not be sent", message.pk)
        _put_off(message, now)
        return False
    return _close(message, sent_at=now) if sent else _close(message, dropped_at=now)


def due_messages(now: datetime) -> list[int]:
    """The messages whose hour has come, oldest first."""
    due = Message.objects.filter(sent_at=None, dropped_at=None, due_at__lte=now)
    return list(due.order_by("due_at", "id").values_list("pk", flat=True)[:500])


def _is_of_use(message: Message, now: datetime) -> bool:
    appointment = message.appointment
    if message.kind == Message.Kind.CANCELLED:
        return appointment.state == Appointment.State.CANCELLED
    if message.kind == Message.Kind.OFFER:
        is_open = message.offer is not None and message.offer.state == "open"
        return is_open and message.offer is not None and message.offer.expires_at > now
    if message.kind in BEFORE_ONLY and appointment.starts_at <= now:
        return False
    return appointment.state in TOLD_ALIVE


def _send(message: Message, now: datetime) -> bool:
    agent = message.appointment.agenda.agent
    is_for_colleague = message.kind == Message.Kind.ARRIVED and agent is not None
    language = agent.language if is_for_colleague and agent else message.appointment.language
    with translation.override(language or "fr"):
        if message.channel == Message.Channel.SMS:
            return _send_text(message, now)
        letter = letters.letter(message, now=now)
    if letter is None:
        return False
    mail(letter, message_id=f"<rendez-vous.{message.pk}.{message.appointment.uid}@parvis>").send()
    return True


@transaction.atomic
def _send_text(message: Message, now: datetime) -> bool:
    """Hand a text message to the outbox of the house, which sees to its delivery."""
    appointment = message.appointment
    ends = message.offer.expires_at if message.offer else appointment.starts_at
    try:
        sms.send(
            appointment.phone,
            letters.text_message(message, now=now),
            authority_id=appointment.authority_id,
            purpose=f"appointments.{message.kind}",
            now=now,
            not_after=None if message.kind == Message.Kind.CANCELLED else ends,
        )
    except Refused:  # no number that can be written to
        return False
    return _close(message, sent_at=now)


def mail(letter: Letter, *, message_id: str) -> EmailMessage:
    """The mail as it leaves: answerable, marked as automatic, with its calendar file."""
    mail = EmailMessage(
        " ".join(letter.subject.split()),
        letter.text,
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    if letter.calendar:
        part = MIMEText(letter.calendar, "calendar", "utf-8")
        part.set_param("method", letter.method)
        part.add_header("Content-Disposition", "attachment", filename="rendez-vous.ics")
        mail.attach(part)
    return mail


def _put_off(message: Message, now: datetime) -> None:
    again = rules.next_try(message.attempts, now)
    if again is None:
        _close(message, dropped_at=now)
    else:
        Message.objects.filter(pk=message.pk).update(due_at=again)


def _close(message: Message, **when: datetime) -> bool:
    Message.objects.filter(pk=message.pk).update(**when)
    return "sent_at" in when
