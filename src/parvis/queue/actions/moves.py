"""How a ticket changes: locked, checked, written with its event, within somebody's transaction.

Ticket events are the account of the hall; they need no second line in the journal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import claims, queries, rules
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
) -> TicketEvent:
    """Take a locked ticket to its next state and write the event, with what it was before."""
    check_may(ticket, kind)
    changes["state"] = rules.target(kind, ticket.state)
    before = {name: plain(getattr(ticket, name)) for name in changes}
    same = Ticket.objects.filter(pk=ticket.pk, state=ticket.state)
    if not same.update(**changes):
        raise Refused(wrong_state(locked(ticket)), code="wrong_state")
    for name, value in changes.items():
        setattr(ticket, name, value)
    told = {**(data or {}), "before": before}
    return write_down(ticket, kind, at=at, agent=agent, by_desk=by_desk, **told)


def check_may(ticket: Ticket, kind: str) -> None:
    """Refuse what is not allowed from the state of the ticket."""
    if not rules.may(kind, ticket.state):
        raise Refused(wrong_state(ticket), code="wrong_state")


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
    event = TicketEvent(ticket=ticket, kind=kind, at=at, agent=agent, desk_id=by_desk, data=data)
    return claims.append_event(event)


def moment(ticket: Ticket, now: datetime) -> datetime:
    """The time of the next event of a ticket: now, unless the clock jumped back."""
    events = TicketEvent.objects.filter(ticket_id=ticket.pk).order_by("-pk")
    return rules.not_before(
        now,
        ticket.issued_at,
        ticket.last_call_at,
        ticket.started_at,
        ticket.ended_at,
        events.values_list("at", flat=True).first(),
    )


def acting_desk_id(ticket: Ticket, agent: Agent | None) -> int | None:
    """Where the agent acts from: where the person is, else the desk at which the agent sits."""
    if ticket.state in rules.AT_DESK or agent is None:
        return ticket.desk_id
    sitting = DeskSession.objects.filter(agent=agent, closed_at=None)
    return sitting.values_list("desk_id", flat=True).first() or ticket.desk_id


def check_topic(site: Site, topic: Topic) -> None:
    """Refuse a topic for which nobody receives at the site."""
    ours = topic.authority_id == site.authority_id and topic.is_active
    if not ours or not Desk.objects.filter(site=site, is_active=True, topics=topic).exists():
        raise Refused(
            _("No desk here receives people for “%(topic)s”.")
            % {"topic": topic.label if topic.authority_id == site.authority_id else topic.pk},
            code="wrong_topic",
        )


def check_able(agent: Agent, topic: Topic) -> None:
    """Refuse to let an agent receive for what they are not able to."""
    if not queries.is_able(agent, topic):
        raise Refused(
            _("“%(topic)s” needs a skill that %(name)s does not have.")
            % {"topic": topic.label, "name": agent.display_name},
            code="needs_skill",
        )


def check_desk(site: Site, desk: Desk) -> None:
    """Refuse a desk that is not in use in this hall."""
    if desk.site_id != site.pk or not desk.is_active:
        raise Refused(_("This desk does not receive people here."), code="wrong_desk")


def wrong_state(ticket: Ticket) -> str:
    """Why not, in words."""
    return _("This cannot be done with ticket %(code)s now: it is “%(state)s”.") % {
        "code": ticket.code,
        "state": ticket.get_state_display(),
    }


@contextmanager
def one_ticket_at(desk_id: int, *, savepoint: bool = True) -> Iterator[None]:
    """All or nothing; and if the database refuses a second ticket at the desk, say which one.

    Without a savepoint, which is two statements of the dozen of a call, nothing can be asked any
    more inside a larger transaction: whoever began that one begins it again (``second_look``).
    """
    try:
        with transaction.atomic(savepoint=savepoint):
            yield
    except IntegrityError:
        if savepoint or not connection.in_atomic_block:
            check_free(desk_id)
        raise


def check_free(desk_id: int) -> None:
    """Refuse a desk that still has somebody, and say whom."""
    ticket = queries.present_ticket(desk_id)
    if ticket is not None:
        sentence = _("%(desk)s still has ticket %(code)s: finish it first.")
        words = {"desk": ticket.desk, "code": ticket.code}
        raise Refused(sentence % words, code="desk_busy")


def plain(value: Any) -> Any:
    """A field's value as JSON keeps it; ``restored`` reads it back."""
    return value.isoformat() if isinstance(value, datetime) else value


def restored(before: dict[str, Any]) -> dict[str, Any]:
    """The fields as they were, from an event."""
    moments = {name for name in before if name.endswith("_at") or name == "waiting_since"}
    return {
        name: datetime.fromisoformat(value) if name in moments and value else value
        for name, value in before.items()
    }
