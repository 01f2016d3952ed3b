"""The line: who is in it, in which order, for which desk, and for how long yet."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from parvis.common.clock import elapsed_seconds
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import rules
from parvis.queue.models import Ticket
from parvis.queue.queries.hall import Hall, load_hall, waiting

NEWCOMER = 0  # no ticket has this id


@dataclass(frozen=True)
class Place:
    """One person in line as an agent sees it."""

    ticket: Ticket
    waited_minutes: int
    is_for_here: bool  # may be called by this desk


@dataclass(frozen=True)
class Position:
    """How many people are before a ticket, and for how long; None when it cannot be said."""

    ahead: int
    wait: rules.WaitRange | None


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


def position(ticket: Ticket, now: datetime, *, hall: Hall | None = None) -> Position:
    """The place of a ticket in line, and an honest range of its wait."""
    if ticket.state != rules.WAITING:
        return Position(0, None)
    hall = hall or load_hall(ticket.site, now)
    me = rules.InLine(ticket.pk, ticket.topic_id, ticket.reserved_desk_id)
    ahead = hall.ahead_of(ticket.pk)
    return Position(
        rules.before_me(hall.calling_desks, ahead, me),
        rules.wait_range(hall.open_desks, ahead, me),
    )


def expected_wait(site: Site, topic: Topic, now: datetime) -> rules.WaitRange | None:
    """The wait of somebody who would take a ticket now."""
    return waits_by_topic(load_hall(site, now), [topic.pk])[topic.pk]


def waits_by_topic(hall: Hall, topic_ids: list[int]) -> dict[int, rules.WaitRange | None]:
    """The wait of a newcomer for each topic; computed once per set of desks."""
    known: dict[frozenset[int], rules.WaitRange | None] = {}
    waits = {}
    for topic_id in topic_ids:
        desks = frozenset(desk.id for desk in hall.open_desks if topic_id in desk.topics)
        if desks not in known:
            me = rules.InLine(NEWCOMER, topic_id)
            known[desks] = rules.wait_range(hall.open_desks, hall.line, me)
        waits[topic_id] = known[desks]
    return waits
