"""One ticket: by its secret, at its desk, with its events."""

from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

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


def linking_of(ticket: Ticket) -> str:
    """How sure we are of who it is."""
    told = ticket.events.filter(kind="identified").order_by("-id").first()
    return str(told.data["linking"]) if told else str(Linking.MANUAL)
