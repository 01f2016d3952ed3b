"""Calling people to a desk, and what an agent does with the person who was called."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.clock import elapsed_seconds
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.contacts import actions as contacts
from parvis.organisations.models import Desk
from parvis.queue import claims, queries, rules
from parvis.queue.actions.moves import (
    locked,
    moment,
    move,
    one_ticket_at,
    plain,
    restored,
    write_down,
)
from parvis.queue.actions.tickets import Ending, end
from parvis.queue.events import TicketCalled
from parvis.queue.models import Ticket, TicketEvent

LOOK_BACK = 20  # events at a desk within ten seconds, with room to spare


@dataclass(frozen=True)
class Called:
    """A person called to a desk, and why this one."""

    ticket: Ticket
    why: rules.Why

    @property
    def reason(self) -> str:
        """The reason as a sentence, in the language of whoever reads it."""
        return queries.reason_sentence(self.ticket, self.why)


@transaction.atomic
def call_next(desk: Desk, *, agent: Agent, now: datetime) -> Called | None:
    """Call the next person to the desk; None when nobody waits for what it serves."""
    called = _call(desk, agent=agent, now=now)
    if called is not None:
        claims.bump_version(desk.site_id)
    return called


@transaction.atomic
def finish_and_call_next(desk: Desk, *, agent: Agent, now: datetime, **how: Any) -> Called | None:
    """End the exchange at the desk and call the next person: both or neither."""
    present = queries.present_ticket(desk.pk)
    if present is None:
        raise Refused(
            _("No ticket is open at %(desk)s.") % {"desk": desk.label}, code="nobody_here"
        )
    end(locked(present), Ending(**how), agent=agent, now=now)
    called = _call(desk, agent=agent, now=now)
    claims.bump_version(desk.site_id)
    return called


def _call(desk: Desk, *, agent: Agent, now: datetime) -> Called | None:
    with one_ticket_at(desk.pk):
        ticket = claims.claim_next(
            site_id=desk.site_id, desk_id=desk.pk, agent_id=agent.pk, now=now
        )
    if ticket is None:
        return None
    ticket.desk, ticket.agent, ticket.site = desk, agent, desk.site
    why = rules.why_called(
        issued_at=ticket.issued_at,
        priority=ticket.priority,
        is_reserved=ticket.reserved_desk_id is not None,
    )
    at = ticket.last_call_at or now
    data = {"because": why.because, "before": _before_call(ticket)}
    write_down(ticket, "called", at=at, agent=agent, by_desk=desk.pk, **data)
    waited = int(elapsed_seconds(ticket.issued_at, at))
    emit(TicketCalled(ticket.pk, desk.site_id, desk.pk, agent.pk, waited, at))
    return Called(ticket, why)


def _before_call(ticket: Ticket) -> dict[str, Any]:
    # The claim returns the row after it. Before a second call, after a transfer, no screen
    # showed the ticket: the first call stands for the time of the last one.
    is_first = ticket.called_at == ticket.last_call_at
    called_at = None if is_first else plain(ticket.called_at)
    return {
        "state": rules.WAITING,
        "desk_id": None,
        "agent_id": None,
        "calls": ticket.calls - 1,
        "called_at": called_at,
        "last_call_at": called_at,
    }


@transaction.atomic
def recall(ticket: Ticket, *, agent: Agent, now: datetime) -> Ticket:
    """Call the same person again: display and voice repeat it."""
    ticket = locked(ticket)
    at = moment(ticket, now)
    move(
        ticket,
        rules.RECALLED,
        at=at,
        agent=agent,
        by_desk=ticket.desk_id,
        last_call_at=at,
        calls=ticket.calls + 1,
    )
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def start(ticket: Ticket, *, agent: Agent, now: datetime) -> Ticket:
    """The person has arrived at the desk."""
    ticket = locked(ticket)
    at = moment(ticket, now)
    began = ticket.started_at or at
    move(ticket, "started", at=at, agent=agent, by_desk=ticket.desk_id, started_at=began)
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def hold(ticket: Ticket, *, agent: Agent, now: datetime) -> Ticket:
    """Set somebody aside for a while, who fills in a form or fetches a paper."""
    ticket = locked(ticket)
    at = moment(ticket, now)
    began = ticket.started_at or ticket.last_call_at  # who is set aside has been at the desk
    move(ticket, "held", at=at, agent=agent, by_desk=ticket.desk_id, started_at=began)
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def resume(ticket: Ticket, *, agent: Agent, now: datetime) -> Ticket:
    """Call back somebody who was set aside, to where the agent sits now."""
    ticket = locked(ticket)
    at = moment(ticket, now)
    session = queries.session_of(agent)
    is_here = session is not None and session.desk.site_id == ticket.site_id
    desk_id = session.desk_id if session and is_here else ticket.desk_id
    with one_ticket_at(desk_id or 0):
        move(
            ticket,
            "resumed",
            at=at,
            agent=agent,
            by_desk=desk_id,
            desk_id=desk_id,
            agent_id=agent.pk,
            last_call_at=at,
            calls=1,
        )
    claims.bump_version(ticket.site_id)
    return locked(ticket)


@transaction.atomic
def mark_no_show(ticket: Ticket, *, agent: Agent, now: datetime) -> Ticket:
    """Nobody came when called."""
    ticket = locked(ticket)
    at = moment(ticket, now)
    move(ticket, "no_show", at=at, agent=agent, by_desk=ticket.desk_id, ended_at=at)
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def undo_last(desk: Desk, *, agent: Agent, now: datetime) -> Ticket:
    """Take back the agent's last act at the desk, within ten seconds."""
    event = _last_act(desk, agent, now)
    ticket = locked(event.ticket)
    latest = rules.last_standing(map(queries.happened, ticket.events.all()))
    if latest is None or latest.id != event.pk:
        raise Refused(
            _("Something else happened to ticket %(code)s since.") % {"code": ticket.code},
            code="too_late",
        )
    before = restored(event.data["before"])
    if event.kind == "finished" and ticket.contact is not None:
        contacts.undo_contact(ticket.contact, agent=agent, now=now)
        before["contact_id"] = None
    with one_ticket_at(before.get("desk_id", ticket.desk_id) or 0):
        Ticket.objects.filter(pk=ticket.pk).update(**before)
    at = moment(ticket, now)
    told = {"of": event.pk, "undid": event.kind}
    write_down(ticket, rules.UNDONE, at=at, agent=agent, by_desk=desk.pk, **told)
    claims.bump_version(ticket.site_id)
    return locked(ticket)


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
