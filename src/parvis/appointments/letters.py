"""What the person and the colleague read: mails, text messages, and the calendar file."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.appointments import calendars, keys, queries
from parvis.appointments.models import Appointment, Message
from parvis.common import codes
from parvis.knowledge.models import Sheet
from parvis.organisations.http import published_address


@dataclass(frozen=True)
class Letter:
    """A mail ready to be sent."""

    to: str
    subject: str
    text: str
    reply_to: str
    calendar: str = ""
    method: str = ""


def subject_of(message: Message) -> str:
    """The subject, with what matters in it: day, hour, and what happened."""
    appointment = message.appointment
    site = appointment.agenda.site
    when = queries.moment_words(appointment.starts_at, site)
    if message.kind == Message.Kind.OFFER and message.offer:
        when = queries.moment_words(message.offer.starts_at, site)
        return _("An earlier time is free: %(when)s") % {"when": when}
    sentence = {
        Message.Kind.CONFIRMED: _("Your appointment: %(when)s"),
        Message.Kind.MOVED: _("Your appointment has a new time: %(when)s"),
        Message.Kind.CANCELLED: _("Appointment cancelled: %(when)s"),
        Message.Kind.REMINDER: _("Reminder of your appointment: %(when)s"),
        Message.Kind.ARRIVED: _("Your visitor is here: %(when)s"),
    }[Message.Kind(message.kind)]
    return sentence % {"when": when}


def letter(message: Message, *, now: datetime) -> Letter | None:
    """The mail that a message becomes; None when nobody can be written to any more."""
    appointment = message.appointment
    agent = appointment.agenda.agent
    is_for_colleague = message.kind == Message.Kind.ARRIVED
    to = (agent.email if agent else "") if is_for_colleague else appointment.email
    if not to:
        return None
    text = render_to_string(
        "appointments/visitor_here.txt" if is_for_colleague else "appointments/mail.txt",
        facts(message, now=now),
    )
    calendar = method = ""
    if message.kind not in {Message.Kind.ARRIVED, Message.Kind.OFFER}:
        method = calendars.method_for(appointment.state, has_guest=True)
        calendar = calendar_of(appointment, now=now, method=method)
    return Letter(to, subject_of(message), text, reply_address(appointment), calendar, method)


def facts(message: Message, *, now: datetime) -> dict[str, object]:
    """What the templates of mails say, in the language of whoever reads them."""
    appointment = message.appointment
    agenda = appointment.agenda
    page = keys.page_path(appointment)
    base = settings.BASE_URL.rstrip("/")
    offer = message.offer
    return {
        "kind": message.kind,
        "appointment": appointment,
        "site": agenda.site,
        "service": agenda.service,
        "authority": agenda.site.authority,
        "contact": queries.expected_by(agenda, now.date()),
        "when": queries.moment_words(appointment.starts_at, agenda.site),
        "minutes": minutes_of(appointment),
        "code": codes.format_reference(appointment.code),
        "page": base + page if page else "",
        "documents": [
            (sheet.title, published_address(agenda.site.authority, "knowledge:sheet", sheet.ref))
            for sheet in documents_of(appointment)
        ],
        "by_authority": appointment.cancelled_by == "authority",
        "proposals": _proposals(appointment, now) if message.kind == "cancelled" else [],
        "offered": queries.moment_words(offer.starts_at, agenda.site) if offer else "",
        "offer_until": queries.moment_words(offer.expires_at, agenda.site) if offer else "",
        "offer_page": f"{base}{page}plus-tot/{offer.pk}/" if offer and page else "",
        "book_page": published_address(agenda.site.authority, "appointments:topics"),
        "desk_page": base + reverse("appointments:appointment", args=[appointment.code]),
        "reply_to": reply_address(appointment),
        "phone": agenda.service.phone or agenda.site.authority.phone,
    }


def text_message(message: Message, *, now: datetime) -> str:
    """The same in one short text message."""
    said = facts(message, now=now)
    return " ".join(render_to_string("appointments/text.txt", said).split())


def calendar_of(appointment: Appointment, *, now: datetime, method: str) -> str:
    """The calendar file of one appointment, as the person keeps it."""
    agenda, site = appointment.agenda, appointment.agenda.site
    page = keys.page_path(appointment)
    url = settings.BASE_URL.rstrip("/") + page if page else ""
    shown = queries.expected_by(agenda, now.date())
    lines = [
        _("Code: %(code)s") % {"code": codes.format_reference(appointment.code)},
        _("With: %(name)s") % {"name": shown.name} if shown and shown.name else "",
        agenda.service.label,
        url,
    ]
    entry = calendars.Entry(
        uid=calendars.uid_of(appointment.uid),
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        stamped_at=now,
        summary=f"{appointment.topic.label}, {site.authority.name}",
        place=", ".join(filter(None, [site.label, site.address])),
        text="\n".join(filter(None, lines)),
        url=url,
        is_cancelled=appointment.state == Appointment.State.CANCELLED,
        organiser=reply_address(appointment) or settings.DEFAULT_FROM_EMAIL,
        organiser_name=f"{site.authority.name}, {agenda.service.label}",
        guest=appointment.email,
        guest_name=appointment.name,
    )
    return calendars.written([entry], method=method)


def documents_of(appointment: Appointment) -> list[Sheet]:
    """The public sheets of the topic of an appointment: what to bring stands there."""
    return documents_of_topic(appointment.authority_id, appointment.topic_id)


def documents_of_topic(authority_id: int, topic_id: int) -> list[Sheet]:
    """The public sheets of a topic: one's own first, the general one before the rare cases."""
    sheets = Sheet.objects.public(authority_id).filter(topics=topic_id, current__isnull=False)
    return list(sheets.order_by("source", "ref")[:2])


def minutes_of(appointment: Appointment) -> int:
    """How long it is meant to take."""
    return int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)


def reply_address(appointment: Appointment) -> str:
    """Where an answer arrives: the service, else the house."""
    return appointment.agenda.service.email or appointment.agenda.site.authority.email


def zone_of(appointment: Appointment) -> ZoneInfo:
    """The time zone of the place."""
    return ZoneInfo(appointment.agenda.site.timezone)


def _proposals(appointment: Appointment, now: datetime) -> list[str]:
    row = queries.offering(appointment.agenda_id, appointment.topic_id)
    if appointment.cancelled_by != "authority" or row is None:
        return []
    near = queries.nearest_slots([row], appointment.starts_at, now=now)
    return [queries.moment_words(start, appointment.agenda.site) for start in near]
