"""From the door to the end: arrived, received, did not come, left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.appointments import queries, rules
from parvis.appointments.actions import messages
from parvis.appointments.actions.rows import locked, note_down
from parvis.appointments.models import Appointment
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel, Contact, Linking
from parvis.organisations.models import Site
from parvis.queue import actions as queue
from parvis.queue import claims
from parvis.queue import queries as hall
from parvis.queue.models import Source


@dataclass(frozen=True)
class Arrival:
    """Somebody who checked in: what it means in words, and the ticket if the hall calls them."""

    appointment: Appointment
    sentence: str
    issued: queue.Issued | None = None
    in_time: bool = True


@transaction.atomic
def arrive(
    appointment: Appointment, *, now: datetime, agent: Agent | None = None, language: str = ""
) -> Arrival:
    """Check somebody in: a place in line at the time booked, or a word to whoever expects them."""
    appointment = locked(appointment)
    if not rules.may("arrive", appointment.state):
        raise Refused(queries.not_expected_sentence(appointment), code="over")
    site = appointment.agenda.site
    times = hall_times(site)
    how = rules.arriving(appointment.starts_at, now, times)
    opens_at = appointment.starts_at - timedelta(minutes=times.early)
    sentence = queries.arrival_sentence(appointment, how, opens_at, now=now)
    if how is rules.Arriving.TOO_EARLY and agent is None:
        raise Refused(sentence, code="too_early")
    issued = None
    if appointment.agenda.is_in_hall:
        issued = queue.issue_ticket(
            site,
            appointment.topic,
            now=now,
            source=Source.BOOKED,
            actor=agent,
            name=appointment.name,
            language=language or appointment.language,
            person=appointment.person,
            booked_at=appointment.starts_at,
            reserved_agent=appointment.agenda.agent,
        )
        appointment.ticket = issued.ticket
    else:
        claims.bump_version(site.pk)
    _change(appointment, state=rules.ARRIVED, arrived_at=now, ended_at=None)
    messages.drop_waiting(appointment, now=now)
    if not appointment.agenda.is_in_hall:
        messages.tell_colleague(appointment, now=now)
    note_down(appointment, agent, "arrived", how=how.value)
    return Arrival(appointment, sentence, issued, how is not rules.Arriving.LATE)


@transaction.atomic
def take_back_arrival(appointment: Appointment, *, agent: Agent, now: datetime) -> Appointment:
    """They are not here after all: expected as before, as long as nobody received them."""
    # The ticket is held before the appointment, as when a visitor leaves: two never wait for
    # each other.
    ticket = appointment.ticket
    if ticket is not None:
        queue.withdraw(ticket, agent=agent, now=now)
    appointment = locked(appointment)
    if not queries.may_take_back(appointment) or appointment.ticket != ticket:
        raise Refused(_("This arrival can no longer be taken back."), code="over")
    if ticket is None:
        claims.bump_version(appointment.agenda.site_id)
    _change(appointment, state=rules.BOOKED, arrived_at=None, ticket=None)
    note_down(appointment, agent, "arrival_taken_back")
    return appointment


@transaction.atomic
def start(appointment: Appointment, *, agent: Agent, now: datetime) -> Appointment:
    """The colleague receives the visitor now (in the hall, the ticket says it)."""
    appointment = locked(appointment)
    if not rules.may("start", appointment.state) or appointment.started_at:
        raise Refused(_("This visitor is not waiting for you."), code="over")
    _change(appointment, started_at=now)
    claims.bump_version(appointment.agenda.site_id)
    note_down(appointment, agent, "started")
    return appointment


@transaction.atomic
def finish(
    appointment: Appointment, *, agent: Agent, now: datetime, outcome: str, note: str = ""
) -> Contact:
    """End an appointment that no ticket ends, and write it down as one contact."""
    appointment = locked(appointment)
    if appointment.ticket_id is not None:
        raise Refused(_("This visit is ended at the desk that called it."), code="in_hall")
    if not rules.may("serve", appointment.state):
        raise Refused(_("Mark the arrival first."), code="not_here")
    began = appointment.started_at or appointment.arrived_at or now
    contact = contacts.log_contact(
        authority=appointment.agenda.site.authority,
        topic=appointment.topic,
        channel=Channel.DESK,
        outcome=outcome,
        started_at=began,
        ended_at=max(now, began),
        now=now,
        agent=agent,
        site=appointment.agenda.site,
        person=appointment.person,
        linking=Linking.MANUAL if appointment.person else Linking.NONE,
        note=note,
    )
    _change(appointment, state=rules.SERVED, started_at=began, ended_at=now, contact_id=contact.pk)
    note_down(appointment, agent, "served", contact=str(contact.pk))
    return contact


@transaction.atomic
def miss(appointment: Appointment, *, now: datetime, agent: Agent | None = None) -> Appointment:
    """Write down that somebody did not come; they may still arrive after all."""
    appointment = locked(appointment)
    if not rules.may("miss", appointment.state) or appointment.starts_at > now:
        raise Refused(_("This appointment cannot be marked as missed now."), code="over")
    if appointment.state == rules.ARRIVED and appointment.ticket_id is None:
        raise Refused(_("This person has arrived already."), code="over")
    _change(appointment, state=rules.MISSED, ended_at=now)
    messages.drop_waiting(appointment, now=now)
    journal.record(agent, "appointments.missed", appointment, authority_id=appointment.authority_id)
    return appointment


@transaction.atomic
def settle(*, now: datetime) -> int:
    """End what the day has ended by itself: nobody came, or the ticket says how it went."""
    count = 0
    past = Appointment.objects.filter(
        state=rules.BOOKED, ends_at__lte=now - rules.MISSED_AFTER
    ).order_by("id")
    for appointment in past:
        miss(appointment, now=now)
        count += 1
    here = Appointment.objects.filter(state=rules.ARRIVED).select_related("ticket")
    for appointment in here.order_by("id"):
        count += _follow_ticket(appointment, now)
    return count


def ticket_finished(ticket_id: int, contact_id: int, *, now: datetime) -> None:
    """The visit ended at its desk: the appointment is the contact of its first topic.

    Also of somebody who was given up, came back and was received after all; and again when the
    end was taken back and noted anew.
    """
    rows = Appointment.objects.filter(ticket_id=ticket_id).select_related("contact")
    found = rows.first()
    if found is None or (found.contact is not None and found.contact.undone_at is None):
        return
    contact = Contact.objects.get(pk=contact_id)
    began = contact.started_at
    _change(found, state=rules.SERVED, started_at=began, ended_at=now, contact_id=contact_id)
    note_down(found, None, "served", contact=str(contact_id))


def ticket_left(ticket_id: int, *, now: datetime) -> None:
    """Somebody went away before being called."""
    found = Appointment.objects.filter(ticket_id=ticket_id, state=rules.ARRIVED).first()
    if found is not None:
        _change(found, state=rules.LEFT, ended_at=now)
        note_down(found, None, "left")


def hall_times(site: Site) -> rules.HallTimes:
    """The early and late rules of a hall, or the usual ones."""
    decided = hall.hall_rules(site)
    return rules.HallTimes(decided.early_minutes, decided.late_minutes)


def _follow_ticket(appointment: Appointment, now: datetime) -> int:
    ticket = appointment.ticket
    if ticket is None:
        is_over = rules.is_over_without_them(appointment.ends_at, now - timedelta(hours=8))
        state = rules.LEFT if is_over else ""
    else:
        state = {"no_show": rules.MISSED, "left": rules.LEFT}.get(ticket.state, "")
    if not state:
        return 0
    _change(appointment, state=state, ended_at=now)
    note_down(appointment, None, state)
    return 1


def _change(appointment: Appointment, **changes: object) -> None:
    for name, value in changes.items():
        setattr(appointment, name, value)
    names = [*changes, "ticket"]
    appointment.save(update_fields=[name.removesuffix("_id") for name in names])
