"""The line: who is in it, in which order, for which desk, and for how long yet."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from parvis.accounts.models import Agent
from parvis.common.clock import elapsed_seconds
from parvis.organisations.models import Desk, Site
from parvis.queue import rules
from parvis.queue.models import Ticket
from parvis.queue.queries.hall import load_hall, waiting
from parvis.queue.queries.kept import topics_here
from parvis.queue.queries.reasons import why_standing
from parvis.queue.queries.words import reason_sentence


@dataclass(frozen=True)
class Place:
    """One person in line as an agent sees it."""

    ticket: Ticket
    waited_minutes: int
    is_for_here: bool  # may be called by this desk

    @property
    def reason(self) -> str:
        """Why the person stands where they stand, in words."""
        return reason_sentence(self.ticket, why_standing(self.ticket))


def line(site: Site, now: datetime) -> QuerySet[Ticket]:
    """The people waiting at a site, in the order in which they will be called."""
    kept = waiting(site, now).select_related("topic__family", "reserved_desk")
    return kept.select_related("site", "reserved_agent__entry")


def line_of_desk(desk: Desk, now: datetime, agent: Agent | None = None) -> list[Place]:
    """The whole line of the hall, saying who will be called by this desk, with this agent there."""
    topics = topics_here(desk, agent)
    agent_id = agent.pk if agent else None
    return [
        Place(
            ticket,
            max(0, int(elapsed_seconds(ticket.issued_at, now) // 60)),
            rules.may_serve(desk.pk, topics, _in_line(ticket), agent_id=agent_id),
        )
        for ticket in line(desk.site, now)
    ]


def _in_line(ticket: Ticket) -> rules.InLine:
    return rules.InLine(
        ticket.pk, ticket.topic_id, ticket.reserved_desk_id, ticket.reserved_agent_id
    )


def somebody_waits_for(desk: Desk, agent: Agent, now: datetime) -> bool:
    """Would this agent at this desk call anybody now?"""
    return any(place.is_for_here for place in line_of_desk(desk, now, agent))


def last_to_pass(ticket: Ticket, now: datetime) -> Ticket | None:
    """The last of the next people to let past, whom the same desks serve; None without any."""
    hall = load_hall(ticket.site, now)
    me = hall.place_of(ticket.pk)
    passing = rules.next_behind(hall.calling_desks, hall.line, me) if me else []
    if not passing:
        return None
    return Ticket.objects.get(pk=passing[: rules.LET_PAST][-1].id)
