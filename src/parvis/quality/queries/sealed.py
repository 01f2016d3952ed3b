"""Rows of sensitive services: counted in every figure, read by their own service only."""

from typing import Any

from django.db.models import Q, QuerySet

from parvis.common.access import Actor, M
from parvis.queue.models import Ticket


def unsealed(rows: QuerySet[M, Any], reader: Actor, path: str = "") -> QuerySet[M, Any]:
    """Without what belongs to a sensitive service, unless it is the reader's own."""
    own = getattr(reader, "service_id", None)
    open_to_all = Q(**{f"{path}service__is_sensitive": False})
    return rows.filter(open_to_all | Q(**{f"{path}service": own}))


def unsealed_tickets(tickets: QuerySet[Ticket], reader: Actor) -> QuerySet[Ticket]:
    """The same for tickets: one that ever was for a sensitive service stays its own."""
    found = unsealed(tickets, reader, "topic__")
    own = getattr(reader, "service_id", None)
    passed = Q(legs__topic__service__is_sensitive=True) & ~Q(legs__topic__service=own)
    return found.exclude(pk__in=Ticket.objects.filter(passed).order_by().values("pk"))
