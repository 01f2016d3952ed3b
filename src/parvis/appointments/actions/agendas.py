"""Keeping agendas: their hours and topics, blocked time, and the feeds of calendars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.appointments import rules
from parvis.appointments.models import Agenda, Appointment, Block, CalendarFeed
from parvis.common import codes, journal
from parvis.common.access import Actor
from parvis.common.errors import Refused
from parvis.common.text import one_line


@transaction.atomic
def keep_agenda(
    agenda: Agenda, parts: Iterable[models.Model], gone: Iterable[models.Model], *, actor: Actor
) -> Agenda:
    """Save an agenda with its topics, weekly hours and special days."""
    _check_ours(agenda, actor)
    is_new = agenda.pk is None
    agenda.save()
    for row in gone:
        row.delete()
    for row in parts:
        row.agenda = agenda  # type: ignore[attr-defined]  # topics, hours and days all have one
        row.save()
    verb = "appointments.agenda_added" if is_new else "appointments.agenda_changed"
    journal.record(actor, verb, agenda)
    return agenda


@transaction.atomic
def block(
    agenda: Agenda,
    *,
    starts_at: datetime,
    ends_at: datetime,
    agent: Agent,
    now: datetime,
    seats: int | None = None,
    reason: str = "",
) -> Block:
    """Take time out of an agenda; what is booked there stays, and is told to whoever blocks."""
    if ends_at <= starts_at:
        raise Refused(_("The end comes after the beginning."), code="backwards")
    if not (rules.is_on_tick(starts_at) and rules.is_on_tick(ends_at)):
        raise Refused(_("Choose times in steps of five minutes."), code="off_grid")
    row = Block.objects.create(
        agenda=agenda,
        starts_at=starts_at,
        ends_at=ends_at,
        seats=seats,
        reason=one_line(reason)[:120],
        agent=agent,
        at=now,
    )
    journal.record(agent, "appointments.time_blocked", agenda, block=row.pk)
    return row


@transaction.atomic
def unblock(row: Block, *, agent: Agent) -> None:
    """Give blocked time back to the agenda."""
    journal.record(agent, "appointments.time_given_back", row.agenda, block=row.pk)
    row.delete()


def booked_within(agenda: Agenda, starts_at: datetime, ends_at: datetime) -> int:
    """How many are expected in a stretch of an agenda: they are to be moved one by one."""
    return Appointment.objects.filter(
        agenda=agenda, state=rules.BOOKED, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).count()


@dataclass(frozen=True)
class NewFeed:
    """A feed, and its secret, which is shown once."""

    feed: CalendarFeed
    secret: str


@transaction.atomic
def make_feed(agenda: Agenda, *, agent: Agent, now: datetime, with_names: bool) -> NewFeed:
    """A new address for calendar programs; the one the colleague had before ends."""
    end_feed(agenda, agent=agent, now=now)
    secret = codes.new_secret()
    feed = CalendarFeed.objects.create(
        agenda=agenda,
        secret_hash=codes.hash_secret(secret),
        with_names=with_names,
        agent=agent,
        made_at=now,
    )
    journal.record(agent, "appointments.feed_made", agenda, with_names=with_names)
    return NewFeed(feed, secret)


@transaction.atomic
def end_feed(agenda: Agenda, *, agent: Agent, now: datetime) -> bool:
    """End the colleague's address of an agenda: calendar programs are refused from now on."""
    ended = CalendarFeed.objects.filter(agenda=agenda, agent=agent, ended_at=None).update(
        ended_at=now
    )
    if ended:
        journal.record(agent, "appointments.feed_ended", agenda)
    return bool(ended)


def _check_ours(agenda: Agenda, actor: Actor) -> None:
    ours = {agenda.site.authority_id, agenda.service.authority_id, agenda.authority_id}
    if agenda.agent is not None:
        ours.add(agenda.agent.authority_id)
    if ours != {actor.authority_id}:
        raise ValueError("an agenda made of parts of several authorities")
