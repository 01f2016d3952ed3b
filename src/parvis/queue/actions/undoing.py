"""Taking back the last gesture at a desk, within ten seconds."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.contacts import actions as contacts
from parvis.contacts.models import Contact
from parvis.organisations.models import Desk
from parvis.queue import claims, queries, rules
from parvis.queue.actions.legs import Trail, put_back
from parvis.queue.actions.moves import locked, moment, move, one_ticket_at, restored, write_down
from parvis.queue.models import Ticket, TicketEvent

LOOK_BACK = 20  # events at a desk within ten seconds, with room to spare


@transaction.atomic
def undo_last(desk: Desk, *, agent: Agent, now: datetime) -> Ticket:
    """Take back the agent's last act at the desk, within ten seconds.

    One gesture may have left several events: they are taken back together.
    """
    event: TicketEvent | None = _last_act(desk, agent, now)
    assert event is not None  # noqa: S101 - for the loop below
    ticket = locked(event.ticket)
    latest = rules.last_standing(map(queries.happened, ticket.events.all()))
    if latest is None or latest.id != event.pk:
        raise Refused(
            _("Something else happened to ticket %(code)s since.") % {"code": ticket.code},
            code="too_late",
        )
    last = event
    while event is not None:
        last = event
        _take_back(ticket, event, desk, agent=agent, now=now)
        before = event.data.get("after")
        event = TicketEvent.objects.filter(pk=before).first() if before else None
    ticket = locked(ticket)
    if last.data.get("void") or last.kind == rules.ISSUED:
        _void(ticket, desk.pk, agent=agent, now=now)
    claims.bump_version(ticket.site_id)
    return locked(ticket)


@transaction.atomic
def withdraw(ticket: Ticket, *, agent: Agent, now: datetime) -> Ticket:
    """A ticket given for somebody who is not here never was, as long as nobody called it."""
    ticket = locked(ticket)
    if ticket.last_call_at is not None:
        raise Refused(
            _("Ticket %(code)s was called already.") % {"code": ticket.code}, code="too_late"
        )
    _void(ticket, None, agent=agent, now=now)
    claims.bump_version(ticket.site_id)
    return ticket


def _take_back(
    ticket: Ticket, event: TicketEvent, desk: Desk, *, agent: Agent, now: datetime
) -> None:
    before = restored(event.data.get("before", {}))
    if "contact" in event.data:
        contact = Contact.objects.filter(pk=event.data["contact"]).first()
        if contact is not None:
            contacts.undo_contact(contact, agent=agent, now=now)
    with one_ticket_at(before.get("desk_id", ticket.desk_id) or 0):
        if before:  # nothing was before a ticket was given
            Ticket.objects.filter(pk=ticket.pk).update(**before)
    put_back(event.data.get("legs", []))
    told = {"of": event.pk, "undid": event.kind}
    at = moment(ticket, now)
    write_down(ticket, rules.UNDONE, at=at, agent=agent, by_desk=desk.pk, **told)


def _void(ticket: Ticket, desk: int | None, *, agent: Agent, now: datetime) -> None:
    at, trail = moment(ticket, now), Trail(ticket)
    trail.end_all(at=at, by=rules.VOIDED)
    data = {"legs": trail.told}
    move(ticket, rules.VOIDED, at=at, agent=agent, by_desk=desk, data=data, ended_at=at)


def _last_act(desk: Desk, agent: Agent, now: datetime) -> TicketEvent:
    recent = TicketEvent.objects.filter(desk=desk).order_by("-id")[:LOOK_BACK]
    acts = {
        event.pk: event
        for event in recent
        if event.agent_id == agent.pk and rules.is_undoable(event.at, now=now)
    }
    last = rules.last_standing(map(queries.happened, acts.values()))
    if last is None or last.kind not in rules.UNDOABLE:
        raise Refused(_("Nothing to undo: more than ten seconds have passed."), code="too_late")
    return acts[last.id]
