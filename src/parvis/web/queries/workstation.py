"""What one desk shows: where the agent sits, the line, the present visitor."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from parvis.accounts.models import Agent
from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.cases.queries import Stub
from parvis.cases.rules import RUNNING
from parvis.common.clock import elapsed_seconds, local_day
from parvis.contacts import rules as contact_rules
from parvis.contacts.actions import roles_of
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import queries as queue
from parvis.queue import rules as queue_rules
from parvis.queue.models import DeskSession, Leg, Ticket

CASES_SHOWN = 3
RECALLS = 2


@dataclass(frozen=True)
class Seat:
    """Where an agent is: the desk, and who receives there."""

    desk: Desk | None
    session: DeskSession | None = None  # the agent's own, at this desk
    colleague: str = ""  # who receives at this desk instead

    @property
    def is_open(self) -> bool:
        return self.session is not None and self.session.status == DeskSession.Status.OPEN

    @property
    def is_paused(self) -> bool:
        """Sitting there without receiving: on a break, or in the back office."""
        return self.session is not None and not self.is_open

    @property
    def is_back_office(self) -> bool:
        """Working without receiving."""
        back_office = DeskSession.Status.BACK_OFFICE
        return self.session is not None and self.session.status == back_office


def seat_of(agent: Agent, chosen: Desk | None) -> Seat:
    """Where the agent receives; else the chosen desk, and the colleague who took it meanwhile."""
    mine = queue.session_of(agent)
    if mine is not None and (chosen is None or mine.desk_id == chosen.pk):
        return Seat(mine.desk, mine)
    if chosen is None:
        return Seat(None)
    other = queue.session_at(chosen)
    return Seat(chosen, None, other.agent.display_name if other else "")


@dataclass(frozen=True)
class Line:
    """The line as one desk sees it."""

    places: Sequence[queue.Place]  # those whom this desk may call, next first
    others: Sequence[queue.Place]  # those who wait for other desks
    held: Sequence[queue.Place]
    gone: Sequence[Ticket]  # who left or missed the call, and may still come back

    @property
    def elsewhere(self) -> int:
        """How many wait for other desks."""
        return len(self.others)

    @property
    def next(self) -> queue.Place | None:
        return self.places[0] if self.places else None


def line_at(desk: Desk, now: datetime, agent: Agent | None = None) -> Line:
    """Who waits for this desk, was set aside or just left: a few queries, whatever the line."""
    everybody = queue.line_of_desk(desk, now, agent)
    held = [
        queue.Place(ticket, minutes(ticket.started_at or ticket.issued_at, now), True)
        for ticket in queue.held_tickets(desk.site, now)
    ]
    return Line(
        [place for place in everybody if place.is_for_here],
        [place for place in everybody if not place.is_for_here],
        held,
        list(queue.gone_lately(desk.site, now)),
    )


@dataclass(frozen=True)
class Visit:
    """The visitor at the desk, or on the way to it."""

    ticket: Ticket
    topic: Topic  # as the agent corrected it
    waited_minutes: int
    here_minutes: int
    may_resolve: bool
    cases: Sequence[Case]
    known_elsewhere: Sequence[Stub]
    legs: Sequence[Leg] = ()
    why: queue_rules.Why | None = None

    @property
    def reason(self) -> str:
        """Why this person was called, in words."""
        return queue.reason_sentence(self.ticket, self.why) if self.why else ""

    @property
    def next_leg(self) -> Leg | None:
        """The topic that comes after the present one."""
        return next((leg for leg in self.legs if leg.is_planned), None)

    @property
    def is_called(self) -> bool:
        """Called, and not yet at the desk."""
        return self.ticket.state == queue_rules.CALLED

    @property
    def is_given_up(self) -> bool:
        """Called, called twice again, and still not there: one key closes it and goes on."""
        return self.is_called and self.ticket.calls > RECALLS

    @property
    def mark(self) -> str:
        """Changes when something happens to the visit."""
        ticket = self.ticket
        return f"{ticket.pk}-{ticket.state}-{ticket.calls}-{ticket.topic_id}"


def visit_at(
    desk: Desk, agent: Agent, now: datetime, corrected: Mapping[int, int | None]
) -> Visit | None:
    """The visitor at a desk, with what is known of them; None when nobody is there."""
    ticket = queue.present_ticket(desk.pk)
    if ticket is None:
        return None
    topic = _topic(ticket, corrected.get(ticket.pk))
    called_at = ticket.last_call_at or now
    return Visit(
        ticket,
        topic,
        waited_minutes=minutes(ticket.issued_at, ticket.called_at or now),
        here_minutes=minutes(ticket.started_at or called_at, now),
        may_resolve=contact_rules.may_resolve(
            level=topic.level,
            owning_service_id=topic.service_id,
            actor=contact_rules.Actor(roles_of(agent, now), agent.service_id),
        ),
        cases=_open_cases(ticket, agent),
        known_elsewhere=cases.known_elsewhere(ticket.person, agent) if ticket.person else [],
        legs=queue.legs_of(ticket),
        why=queue.why_here(ticket),
    )


def topic_of(ticket: Ticket, topic_id: int | None) -> Topic | None:
    """The topic that the agent chose instead of the one on the ticket, if any."""
    if topic_id is None or topic_id == ticket.topic_id:
        return None
    ours = Topic.objects.filter(authority_id=ticket.site.authority_id, is_active=True)
    return ours.select_related("service").filter(pk=topic_id).first()


def _topic(ticket: Ticket, topic_id: int | None) -> Topic:
    own = Topic.objects.select_related("service")
    return topic_of(ticket, topic_id) or own.get(pk=ticket.topic_id)


def _open_cases(ticket: Ticket, agent: Agent) -> Sequence[Case]:
    if ticket.person_id is None:
        return []
    found = cases.whole(agent).filter(person_id=ticket.person_id, state__in=RUNNING)
    return list(found.order_by("-last_activity_at")[:CASES_SHOWN])


def minutes(start: datetime, end: datetime) -> int:
    """Whole minutes between two moments, never less than none."""
    return max(0, int(elapsed_seconds(start, end) // 60))


@dataclass(frozen=True)
class OwnDay:
    """What one agent reads about their own day; nobody else does."""

    received: int
    minutes: int | None  # that half of the visits took at most; None when they were few


FEW = 5


def own_day(agent: Agent, site: Site, now: datetime) -> OwnDay:
    """How many people the agent received today, and the middle of the time with them."""
    day = local_day(now, ZoneInfo(site.timezone))
    mine = Ticket.objects.filter(site=site, day=day, agent=agent, state=queue_rules.DONE)
    times = mine.values_list("started_at", "ended_at")
    lengths = [elapsed_seconds(start, end) / 60 for start, end in times if start and end]
    usual = math.ceil(median(lengths)) if len(lengths) >= FEW else None
    return OwnDay(len(lengths), usual)
