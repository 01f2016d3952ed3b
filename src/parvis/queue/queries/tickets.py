"""One ticket: by its secret, at its desk, with its events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from parvis.accounts.models import Agent
from parvis.common import codes
from parvis.contacts.models import Linking
from parvis.organisations.models import Site
from parvis.queue import rules
from parvis.queue.models import Leg, Ticket, TicketEvent

# Long enough to say afterwards whether it was solved; then the page answers as if unknown.
PAGE_LIVES = timedelta(days=14)


def ticket_by_secret(secret: str, now: datetime) -> Ticket | None:
    """The ticket whose page this is; None alike for unknown and for too old."""
    found = Ticket.objects.filter(
        secret_hash=codes.hash_secret(secret), issued_at__gt=now - PAGE_LIVES
    )
    return found.select_related("site__authority", "topic__family", "desk", "contact").first()


def at_desks() -> QuerySet[Ticket]:
    """The tickets called to a desk or served there now, whatever the years have left behind."""
    # Literals, not parameters: SQLite uses the partial index only when it can read that the
    # condition is the index's own; with parameters it reads every ticket there ever was.
    states = ", ".join(f"'{state}'" for state in rules.AT_DESK)
    return Ticket.objects.extra(where=[f"queue_ticket.state IN ({states})"])  # noqa: S610


def present_ticket(desk_id: int) -> Ticket | None:
    """The ticket called to a desk or served there now."""
    here = at_desks().filter(desk_id=desk_id)
    return here.select_related(
        "site__authority", "topic__family", "desk", "agent", "person"
    ).first()


def held_tickets(site: Site, now: datetime) -> QuerySet[Ticket]:
    """Those set aside at a site, longest first: they are to be called back."""
    # Whoever is set aside was at a desk; called out or not, the stay there had a beginning.
    held = Ticket.objects.filter(site=site, state=rules.HELD, started_at__gt=now - rules.HALL_DAY)
    kept = held.select_related("topic", "desk", "reserved_agent__entry", "reserved_desk")
    return kept.order_by("started_at", "id")


@dataclass(frozen=True)
class Interrupted:
    """A visitor set aside because a colleague took the desk over in mid-visit."""

    ticket: Ticket
    received_by: Agent
    taken_by: Agent


def interrupted(agent: Agent, held: Sequence[Ticket]) -> list[Interrupted]:
    """Those on hold since this agent took a desk over, or was taken over: two queries at most."""
    if not held:
        return []
    by_id = {ticket.pk: ticket for ticket in held}
    events = TicketEvent.objects.filter(ticket__in=by_id, kind="held").order_by("id")
    last = {event.ticket_id: event for event in events.select_related("agent__entry")}
    mine = {
        pk: event
        for pk, event in last.items()
        if event.agent_id not in (None, by_id[pk].agent_id)
        and agent.pk in (event.agent_id, by_id[pk].agent_id)
    }
    if not mine:
        return []
    received = Agent.objects.filter(pk__in={by_id[pk].agent_id for pk in mine})
    names = {one.pk: one for one in received.select_related("entry")}
    found = []
    for ticket in held:
        event = mine.get(ticket.pk)
        if event is not None and event.agent is not None and ticket.agent_id is not None:
            found.append(Interrupted(ticket, names[ticket.agent_id], event.agent))
    return found


def events_of(ticket: Ticket) -> QuerySet[TicketEvent]:
    """All that happened to a ticket, oldest first."""
    return ticket.events.select_related("desk", "agent__entry").order_by("id")


def happened(event: TicketEvent) -> rules.Happened:
    """An event as the rules look at it."""
    return rules.Happened(event.pk, event.kind, event.data.get("of"))


def began_at(ticket: Ticket, leg: Leg | None = None) -> datetime | None:
    """When the exchange at the present desk began: the arrival there, else the call."""
    if ticket.started_at is not None:
        return ticket.started_at
    called_at, since = ticket.last_call_at, leg and leg.waiting_since
    return max(called_at, since) if called_at and since else called_at


def legs_of(ticket: Ticket) -> list[Leg]:
    """The topics of a visit: those begun in the order of their beginning, then those to come."""
    legs = ticket.legs.select_related("topic", "desk", "agent__entry", "contact")
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(legs, key=lambda leg: (leg.waiting_since or last, leg.position))


def is_void(ticket: Ticket) -> bool:
    """Was this ticket given by a slip of the finger, and taken back?"""
    return ticket.legs.filter(ended_by=rules.VOIDED).exists()


def linking_of(ticket: Ticket) -> str:
    """How sure we are of who it is."""
    told = ticket.events.filter(kind="identified").order_by("-id").first()
    return str(told.data["linking"]) if told else str(Linking.MANUAL)
