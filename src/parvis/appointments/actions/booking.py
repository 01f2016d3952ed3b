"""Making, moving and cancelling appointments."""

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.appointments import keys, queries, rules
from parvis.appointments.actions import messages, offers, seats
from parvis.appointments.actions.rows import locked, note_down
from parvis.appointments.models import AgendaTopic, Appointment, Message
from parvis.cases.models import Case
from parvis.common import codes, journal, throttle
from parvis.common.errors import Busy, Refused
from parvis.common.text import one_line
from parvis.contacts.models import Person
from parvis.contacts.rules import normal_email, normal_phone

NAME_LENGTH, NOTE_LENGTH, REASON_LENGTH = 80, 200, 200
LINKS_AGAIN = throttle.Limit("appointment-again", burst=1, seconds=600)


@dataclass(frozen=True)
class Guest:
    """Who is expected, as they say it: a name, and how to reach them if they wish."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "fr"
    note: str = ""
    person: Person | None = None
    wants_earlier: bool = False
    earlier_from: date | None = None


@dataclass(frozen=True)
class Booked:
    """An appointment, and the key of its page."""

    appointment: Appointment
    secret: str = field(repr=False)


@transaction.atomic
def book(
    row: AgendaTopic,
    *,
    starts_at: datetime,
    guest: Guest,
    now: datetime,
    made: str,
    agent: Agent | None = None,
    case: Case | None = None,
) -> Booked:
    """Make an appointment: the seats are taken, or the closest free slots are told."""
    given = _checked(guest)
    seats.hold(row.agenda_id)
    if agent is None:
        _check_limit(row, given)
    appointment = Appointment(
        authority_id=row.agenda.authority_id,
        agenda=row.agenda,
        topic=row.topic,
        uid=uuid.uuid4(),
        code=_new_code(),
        starts_at=starts_at,
        ends_at=seats.end_of(row, starts_at),
        made=made,
        booked_at=now,
        booked_by=agent,
        case=case,
        **vars(given),
    )
    secret = keys.secret_of(appointment)
    appointment.secret_hash = codes.hash_secret(secret)
    appointment.save()
    seats.take(appointment, row, now=now, by_agent=agent is not None)
    note_down(
        appointment, agent or journal.PERSON, "booked", made=made, starts_at=starts_at.isoformat()
    )
    messages.tell(appointment, Message.Kind.CONFIRMED, now=now)
    messages.plan_reminders(appointment, told_at=now)
    return Booked(appointment, secret)


@transaction.atomic
def send_again(appointment: Appointment, *, now: datetime) -> None:
    """Send the link of an appointment again to whom it belongs; not at every press of a button."""
    with suppress(Busy):
        throttle.take(LINKS_AGAIN, str(appointment.pk), now=now)
        messages.confirm_again(appointment, now=now)


@transaction.atomic
def move(
    appointment: Appointment,
    *,
    starts_at: datetime,
    now: datetime,
    agent: Agent | None = None,
    row: AgendaTopic | None = None,
    told: bool = True,
) -> Appointment:
    """Give an appointment another time, perhaps in another agenda; the code and link stay."""
    agenda_id = appointment.agenda_id
    seats.hold(agenda_id, row.agenda_id if row else agenda_id)
    appointment = locked(appointment, agenda_id=agenda_id)
    row = row or queries.offering(agenda_id, appointment.topic_id)
    _check_may_change(appointment, now, agent)
    if row is None or (row.topic_id != appointment.topic_id and row.agenda.agent_id is None):
        raise Refused(_("This topic is not received there by appointment."), code="wrong_topic")
    if (row.agenda_id, starts_at) == (agenda_id, appointment.starts_at):
        raise Refused(_("The appointment is at this time already."), code="same_time")
    before = (appointment.agenda, appointment.starts_at)
    seats.give_back(appointment)
    freed = [before, *offers.close_all(appointment)]
    appointment.agenda, appointment.topic = row.agenda, row.topic
    appointment.starts_at, appointment.ends_at = starts_at, seats.end_of(row, starts_at)
    appointment.sequence += 1
    appointment.save(
        update_fields=["agenda", "topic", "starts_at", "ends_at", "sequence"]
    )  # fmt: skip
    seats.take(appointment, row, now=now, by_agent=agent is not None)
    note_down(appointment, agent or journal.PERSON, "moved", starts_at=starts_at.isoformat())
    messages.drop_waiting(appointment, now=now)
    if told:
        messages.tell(appointment, Message.Kind.MOVED, now=now)
    messages.plan_reminders(appointment, told_at=now)
    offers.pass_on(freed, now=now, but=appointment)
    return appointment


@transaction.atomic
def cancel(
    appointment: Appointment, *, now: datetime, agent: Agent | None = None, reason: str = ""
) -> Appointment:
    """Call an appointment off: by the person, or by the authority with its reason."""
    agenda_id = appointment.agenda_id
    seats.hold(agenda_id)
    appointment = locked(appointment, agenda_id=agenda_id)
    why = one_line(reason)[:REASON_LENGTH]
    if agent is not None and not why:
        raise Refused(_("Say why: the person reads it."), code="reason")
    if not rules.may("cancel", appointment.state):
        raise Refused(_over_sentence(appointment), code="over")
    seats.give_back(appointment)
    appointment.state = Appointment.State.CANCELLED
    appointment.sequence += 1
    appointment.ended_at, appointment.reason = now, why
    appointment.cancelled_by = "authority" if agent else "person"
    appointment.wants_earlier = False
    appointment.save(
        update_fields=["state", "sequence", "ended_at", "reason", "cancelled_by", "wants_earlier"]
    )
    note_down(appointment, agent or journal.PERSON, "cancelled", by=appointment.cancelled_by)
    messages.drop_waiting(appointment, now=now)
    messages.tell(appointment, Message.Kind.CANCELLED, now=now)
    freed = [(appointment.agenda, appointment.starts_at), *offers.close_all(appointment)]
    offers.pass_on(freed, now=now, but=appointment)
    return appointment


@transaction.atomic
def wait_for_earlier(
    appointment: Appointment,
    *,
    now: datetime,
    wanted: bool,
    earlier_from: date | None = None,
    agent: Agent | None = None,
) -> Appointment:
    """Put somebody on the list of those told when an earlier slot becomes free, or off it."""
    agenda_id = appointment.agenda_id
    seats.hold(agenda_id)
    appointment = locked(appointment, agenda_id=agenda_id)
    _check_may_change(appointment, now, agent)
    if wanted and not (appointment.email or appointment.phone):
        raise Refused(_("Give an e-mail address or a telephone number to be told."), code="mute")
    appointment.wants_earlier, appointment.earlier_from = wanted, earlier_from
    appointment.save(update_fields=["wants_earlier", "earlier_from"])
    if not wanted:
        offers.pass_on(offers.close_all(appointment), now=now, but=appointment)
    note_down(
        appointment, agent or journal.PERSON, "earlier_wanted" if wanted else "earlier_not_wanted"
    )
    return appointment


def _check_may_change(appointment: Appointment, now: datetime, agent: Agent | None) -> None:
    if not rules.may("move", appointment.state):
        raise Refused(_over_sentence(appointment), code="over")
    if agent is None and appointment.starts_at <= now:
        raise Refused(
            _("The time of this appointment has come: it cannot be changed here. Call us."),
            code="begun",
        )


def _over_sentence(appointment: Appointment) -> str:
    return {
        rules.CANCELLED: _("This appointment was cancelled."),
        rules.ARRIVED: _("This person has arrived already."),
        rules.SERVED: _("This appointment has taken place."),
        rules.LEFT: _("This appointment is over."),
        rules.MISSED: _("The time of this appointment is past."),
    }[appointment.state]


def _checked(guest: Guest) -> Guest:
    name = one_line(guest.name)[:NAME_LENGTH]
    if not name:
        raise Refused(_("Give a name, so that you are called by it."), code="name")
    email = normal_email(guest.email.replace("\0", ""))
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise Refused(_("This is not an e-mail address."), code="email") from error
    phone = normal_phone(guest.phone)
    if guest.phone.strip() and not phone:
        raise Refused(_("This is not a telephone number."), code="phone")
    if guest.wants_earlier and not (email or phone):
        raise Refused(_("Give an e-mail address or a telephone number to be told."), code="mute")
    return Guest(
        name=name,
        email=email,
        phone=phone,
        language=guest.language[:5] or "fr",
        note=one_line(guest.note)[:NOTE_LENGTH],
        person=guest.person,
        wants_earlier=guest.wants_earlier,
        earlier_from=guest.earlier_from,
    )


def _check_limit(row: AgendaTopic, guest: Guest) -> None:
    live = queries.live_appointments(
        row.agenda.authority_id, row.topic_id, email=guest.email, phone=guest.phone
    )
    if live >= row.agenda.live_limit:
        raise Refused(
            _(
                "There are already %(count)s appointments to come for this topic with this e-mail "
                "or telephone. Move or cancel one of them, or call us."
            )
            % {"count": live},
            code="too_many",
        )


def _new_code() -> str:
    code = codes.new_reference()
    while Appointment.objects.filter(code=code).exists():
        code = codes.new_reference()
    return code
