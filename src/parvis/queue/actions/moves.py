"""How a ticket changes: locked, checked, written with its event, within somebody's transaction.

Ticket events are the account of the hall; they need no second line in the journal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.queue import queries, rules
from parvis.queue.models import DeskSession, Ticket, TicketEvent


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, ours until the end of the transaction."""
    # SQLite needs no lock of a row: the transaction is IMMEDIATE.
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("site__authority", "topic", "desk").get(pk=ticket.pk)


def move(
    ticket: Ticket,
    kind: str,
    *,
    at: datetime,
    agent: Agent | None,
    by_desk: int | None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> Ticket:
    """Take a locked ticket to its next state and write the event, with what it was before."""
    if not rules.may(kind, ticket.state):
        raise Refused(wrong_state(ticket), code="wrong_state")
    changes["state"] = rules.MOVES[kind].target
    before = {name: plain(getattr(ticket, name)) for name in changes}
    same = Ticket.objects.filter(pk=ticket.pk, state=ticket.state)
    if not same.update(**changes):
        raise Refused(wrong_state(locked(ticket)), code="wrong_state")
    for name, value in changes.items():
        setattr(ticket, name, value)
    write_down(ticket, kind, at=at, agent=agent, by_desk=by_desk, **(data or {}), before=before)
    return ticket


def write_down(
    ticket: Ticket,
    kind: str,
    *,
    at: datetime,
    agent: Agent | None,
    by_desk: int | None,
    **data: Any,
) -> TicketEvent:
    """Add to the account of the ticket."""
    return TicketEvent.objects.create(
        ticket=ticket, kind=kind, at=at, agent=agent, desk_id=by_desk, data=data
    )


def moment(ticket: Ticket, now: datetime) -> datetime:
    """The time of the next event of a ticket: now, unless the clock jumped back."""
    return rules.not_before(
        now, ticket.issued_at, ticket.last_call_at, ticket.started_at, ticket.ended_at
    )


def acting_desk_id(ticket: Ticket, agent: Agent | None) -> int | None:
    """Where the agent acts from: the ticket's desk, else the desk at which the agent sits."""
    if ticket.desk_id is not None or agent is None:
        return ticket.desk_id
    sitting = DeskSession.objects.filter(agent=agent, closed_at=None)
    return sitting.values_list("desk_id", flat=True).first()


def wrong_state(ticket: Ticket) -> str:
    """Why not, in words."""
    return _("This cannot be done with ticket %(code)s now: it is “%(state)s”.") % {
        "code": ticket.code,
        "state": ticket.get_state_display(),
    }


@contextmanager
def one_ticket_at(desk_id: int) -> Iterator[None]:
    """Whatever happens inside, the database refuses a second ticket at the desk: say which one."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        ticket = queries.present_ticket(desk_id)
        if ticket is None:
            raise
        sentence = _("%(desk)s still has ticket %(code)s: finish it first.")
        words = {"desk": ticket.desk, "code": ticket.code}
        raise Refused(sentence % words, code="desk_busy") from error


def plain(value: Any) -> Any:
    """A field's value as JSON keeps it; ``restored`` reads it back."""
    return value.isoformat() if isinstance(value, datetime) else value


def restored(before: dict[str, Any]) -> dict[str, Any]:
    """The fields as they were, from an event."""
    moments = {name for name in before if name.endswith("_at")}
    return {
        name: datetime.fromisoformat(value) if name in moments and value else value
        for name, value in before.items()
    }
