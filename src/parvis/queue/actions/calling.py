"""Calling people to a desk: the next one, a chosen one, one without a ticket, one who stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.clock import elapsed_seconds
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts.models import Person
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import claims, queries, rules
from parvis.queue.actions.endings import Ending, Finished, end
from parvis.queue.actions.moves import (
    check_able,
    check_desk,
    check_free,
    check_may,
    locked,
    moment,
    move,
    one_ticket_at,
    plain,
)
from parvis.queue.actions.pools import release
from parvis.queue.actions.tickets import NOTE_LENGTH, Issued, Kept, issue
from parvis.queue.events import TicketCalled
from parvis.queue.models import Source, Ticket, TicketEvent


@dataclass(frozen=True)
class Called:
    """A person called to a desk, and why this one."""

    ticket: Ticket
    why: rules.Why

    @property
    def reason(self) -> str:
        """The reason as a sentence, in the language of whoever reads it."""
        return queries.reason_sentence(self.ticket, self.why)


def call_next(desk: Desk, *, agent: Agent, now: datetime) -> Called | None:
    """Call the next person to the desk; None when nobody waits for what it serves."""
    with one_ticket_at(desk.pk, savepoint=False):
        called = _call(desk, agent=agent, now=now)
        if called is None and release(queries.stranded(desk.site, now), now=now):
            called = _call(desk, agent=agent, now=now)
            claims.bump_version(desk.site_id)
    if called is None:
        check_free(desk.pk)
    return called


@transaction.atomic
def finish_and_call_next(desk: Desk, *, agent: Agent, now: datetime, **how: Any) -> Called | None:
    """End the exchange at the desk and call the next person: both or neither.

    Somebody whose next topic this desk serves too stays: they are who is called.
    """
    present = queries.present_ticket(desk.pk)
    if present is None:
        raise Refused(
            _("No ticket is open at %(desk)s.") % {"desk": desk.label}, code="nobody_here"
        )
    finished = end(locked(present), Ending(**how), agent=agent, now=now)
    called: Called | None
    if queries.may_go_on(finished.next, desk, agent):
        called, _event = _call_who_stays(finished.ticket, desk, agent=agent, now=now)
        claims.bump_version(desk.site_id)
        return called
    with one_ticket_at(desk.pk, savepoint=False):
        called = _call(desk, agent=agent, now=now)
    if called is None:
        check_free(desk.pk)
        claims.bump_version(desk.site_id)
    return called


@transaction.atomic
def finish(
    ticket: Ticket,
    *,
    agent: Agent,
    now: datetime,
    outcome: str,
    topic: Topic | None = None,
    sheets: Iterable[Sheet] = (),
    avoidable_cause: str = "",
    person: Person | None = None,
    linking: str = "",
    needs: Iterable[str] | None = None,
    note: str = "",
    go_on: bool = False,
) -> Finished:
    """End the exchange and write it down as a contact, in one go.

    With another topic still to come the person waits for it; with ``go_on`` the same agent goes
    on with it at once, if the desk serves it.
    """
    ticket = locked(ticket)
    desk = ticket.desk
    how = Ending(outcome, topic, sheets, avoidable_cause, person, linking, needs, note)
    finished = end(ticket, how, agent=agent, now=now)
    if go_on and desk and queries.may_go_on(finished.next, desk, agent):
        called, event = _call_who_stays(finished.ticket, desk, agent=agent, now=now)
        _begin(called.ticket, agent=agent, now=now, after=event)
    claims.bump_version(ticket.site_id)
    return finished


def _call(desk: Desk, *, agent: Agent, now: datetime) -> Called | None:
    """Call the first in line and tell the screens.

    Within ``one_ticket_at``: the claim may run into somebody whom another call just brought.
    """
    claim = claims.claim_next(site_id=desk.site_id, desk_id=desk.pk, agent_id=agent.pk, now=now)
    if claim is None:
        return None
    ticket = claim.ticket
    ticket.desk, ticket.agent, ticket.site = desk, agent, desk.site
    why = queries.why_called(ticket)
    at = ticket.last_call_at or now
    data = {"because": why.because, "by": why.by, "before": _before_call(ticket)}
    event = TicketEvent(ticket=ticket, kind="called", at=at, agent=agent, desk=desk, data=data)
    _tell(ticket, at, leaves_alerts=claim.leaves_alerts)
    claims.append_event_and_bump(event, site_id=desk.site_id)
    return Called(ticket, why)


def _tell(ticket: Ticket, at: datetime, *, leaves_alerts: bool) -> None:
    waited = int(elapsed_seconds(ticket.issued_at, at))
    desk_id, agent_id = ticket.desk_id or 0, ticket.agent_id or 0
    emit(TicketCalled(ticket.pk, ticket.site_id, desk_id, agent_id, waited, leaves_alerts, at))


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
def call_ticket(ticket: Ticket, *, desk: Desk, agent: Agent, now: datetime, reason: str) -> Called:
    """Call somebody out of order, for a reason that stays written."""
    ticket = locked(ticket)
    check_may(ticket, "called")
    check_desk(ticket.site, desk)
    check_able(agent, ticket.topic)
    words = one_line(reason)[:NOTE_LENGTH]
    if not words:
        raise Refused(_("Say why this person goes first: the reason stays written."), code="reason")
    at = moment(ticket, now)
    why = rules.Why("chosen", ticket.issued_at, ticket.priority, ticket.booked_at, words=words)
    _to_desk(ticket, desk, agent, why, at=at, last_call_at=at)
    claims.bump_version(ticket.site_id)
    return Called(ticket, why)


@transaction.atomic
def receive(
    site: Site,
    topic: Topic,
    *,
    desk: Desk,
    agent: Agent,
    now: datetime,
    reason: str = "",
    topics: Iterable[Topic] = (),
    priority: str = "",
    name: str = "",
    language: str = "",
    person: Person | None = None,
    needs: Iterable[str] = (),
) -> Issued:
    """Receive at once somebody without a ticket; past those who wait only for a reason."""
    check_desk(site, desk)
    check_able(agent, topic)
    words = one_line(reason)[:NOTE_LENGTH]
    if not words and queries.somebody_waits_for(desk, agent, now):
        sentence = _("People wait for this desk: say why this one is received at once.")
        raise Refused(sentence, code="reason")
    issued = issue(
        site,
        [topic, *topics],
        kept=Kept(),
        now=now,
        actor=agent,
        priority=priority,
        source=Source.AGENT,
        name=name,
        language=language,
        person=person,
        needs=needs,
    )
    ticket = issued.ticket
    why = rules.Why("direct", ticket.issued_at, ticket.priority, words=words)
    # No last call: nobody has to be called out who stands at the desk.
    event = _to_desk(ticket, desk, agent, why, at=ticket.issued_at, void=True)
    _begin(ticket, agent=agent, now=now, after=event)
    claims.bump_version(site.pk)
    return issued


def _call_who_stays(
    ticket: Ticket, desk: Desk, *, agent: Agent, now: datetime
) -> tuple[Called, TicketEvent]:
    at = moment(ticket, now)
    why = rules.Why("same_visit", ticket.issued_at, ticket.priority)
    finished = ticket.events.order_by("-id").values_list("id", flat=True).first()
    # The call before stands: nobody is called out again who sits there already.
    return Called(ticket, why), _to_desk(ticket, desk, agent, why, at=at, after=finished)


def _to_desk(
    ticket: Ticket,
    desk: Desk,
    agent: Agent,
    why: rules.Why,
    *,
    at: datetime,
    last_call_at: datetime | None = None,
    **told: Any,
) -> TicketEvent:
    changes = {"last_call_at": last_call_at} if last_call_at else {}
    data = {"because": why.because, "reason": why.words, **told}
    with one_ticket_at(desk.pk):
        event = move(
            ticket,
            "called",
            at=at,
            agent=agent,
            by_desk=desk.pk,
            data=data,
            desk_id=desk.pk,
            agent_id=agent.pk,
            called_at=ticket.called_at or at,
            calls=ticket.calls + 1,
            **changes,
        )
    ticket.desk, ticket.agent = desk, agent
    _tell(ticket, at, leaves_alerts=queries.has_alerts(ticket.site_id))
    return event


def _begin(ticket: Ticket, *, agent: Agent, now: datetime, after: TicketEvent) -> None:
    at = moment(ticket, now)
    data = {"after": after.pk}
    move(ticket, "started", at=at, agent=agent, by_desk=ticket.desk_id, data=data, started_at=at)


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
