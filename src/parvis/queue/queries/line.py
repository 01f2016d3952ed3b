"""The line: who is in it, in which order, for which desk, and for how long yet."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from parvis.common.clock import elapsed_seconds
from parvis.organisations.models import Desk, Site
from parvis.queue import rules
from parvis.queue.models import Ticket
from parvis.queue.queries.hall import waiting


@dataclass(frozen=True)
class Place:
    """One person in line as an agent sees it."""

    ticket: Ticket
    waited_minutes: int
    is_for_here: bool  # may be called by this desk


def line(site: Site, now: datetime) -> QuerySet[Ticket]:
    """The people waiting at a site, in the order in which they will be called."""
    return waiting(site, now).select_related("topic__family", "reserved_desk")


def line_of_desk(desk: Desk, now: datetime) -> list[Place]:
    """The whole line of the hall, saying who will be called by this desk: two queries."""
    topics = frozenset(desk.topics.values_list("id", flat=True))
    return [
        Place(
            ticket,
            max(0, int(elapsed_seconds(ticket.issued_at, now) // 60)),
            rules.may_serve(
                desk.pk,
                topics,
                rules.InLine(ticket.pk, ticket.topic_id, ticket.reserved_desk_id),
            ),
        )
        for ticket in line(desk.site, now)
    ]
