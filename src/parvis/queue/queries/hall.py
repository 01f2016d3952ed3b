"""The hall as a whole: who receives where, who waits, what it amounts to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import QuerySet

from parvis.accounts.models import Agent, Skill
from parvis.common.clock import elapsed_seconds, local_day
from parvis.organisations.models import Desk, Site
from parvis.queue import rules
from parvis.queue.models import DeskSession, Leg, Ticket
from parvis.queue.queries.tickets import at_desks

HISTORY = timedelta(days=28)
HISTORY_ROWS = 2000  # the latest visits say enough, and the cost stays the same for ever
HISTORY_KEPT = 600  # seconds
_ENDED = (rules.DONE, rules.NO_SHOW, rules.LEFT)
UNKNOWN = rules.lengths_declared(8.0)  # somebody at a desk for a topic nobody declared

# A topic in use, at a desk: whether only some agents may take it, and the minutes declared.
Served = dict[int, "Task"]


@dataclass(frozen=True)
class Task:
    """A topic as far as desks are concerned."""

    family_id: int
    needs_skill: bool
    declared: float  # minutes


@dataclass(frozen=True)
class Hall:
    """What waits are computed from: one reading of the hall, in a few queries."""

    at: datetime
    fairness: timedelta
    desks: tuple[rules.Receiving, ...]  # all in use, whoever sits there
    open_desks: tuple[rules.Receiving, ...]
    line: tuple[rules.Waiting, ...]

    @property
    def calling_desks(self) -> tuple[rules.Receiving, ...]:
        """The desks that receive now; all of them when nobody sits anywhere yet."""
        return self.open_desks or self.desks

    def place_of(self, ticket_id: int) -> rules.Waiting | None:
        """Somebody in line."""
        return next((person for person in self.line if person.id == ticket_id), None)


@dataclass(frozen=True)
class HallFacts:
    """What the head of reception wants to know at a glance."""

    waiting: int
    longest_wait_minutes: int | None
    at_desks: int
    held: int
    desks_open: int
    desks_paused: int
    issued_today: int
    finished_today: int
    left_today: int
    no_shows_today: int


def open_desks(site: Site) -> QuerySet[DeskSession]:
    """Who sits at which desk of a site now, breaks included."""
    sessions = DeskSession.objects.filter(desk__site=site, closed_at=None)
    return sessions.select_related("desk", "agent__entry").order_by("desk__position", "desk_id")


def session_of(agent: Agent) -> DeskSession | None:
    """Where an agent sits now."""
    sitting = DeskSession.objects.filter(agent=agent, closed_at=None)
    return sitting.select_related("desk__site__authority").first()


def session_at(desk: Desk) -> DeskSession | None:
    """Who sits at a desk now."""
    sitting = DeskSession.objects.filter(desk=desk, closed_at=None)
    return sitting.select_related("agent__entry", "desk__site").first()


def waiting(site: Site, now: datetime) -> QuerySet[Ticket]:
    """Those in line, in the order in which they will be called."""
    in_line = Ticket.objects.filter(
        site=site, state=rules.WAITING, rank_at__gt=now - rules.HALL_DAY
    )
    return in_line.order_by("rank_at", "id")


def load_hall(site: Site, now: datetime) -> Hall:
    """Read the hall as it is now: desks, who sits there, who is there, who waits, for what."""
    desks, tasks = _desks(site)
    lately = visits_lately(site, now)
    visits = list(at_desks().filter(desk_id__in=desks).order_by("id"))
    line = list(waiting(site, now))
    planned = _planned([*visits, *line])

    def person(ticket: Ticket) -> rules.Waiting:
        return _person(ticket, planned.get(ticket.pk, ()), lately, tasks)

    return Hall(
        at=now,
        fairness=timedelta(minutes=site.fairness_minutes),
        desks=tuple(rules.Receiving(desk_id, topics) for desk_id, topics in desks.items()),
        open_desks=tuple(_receiving(site, desks, tasks, [(v, person(v)) for v in visits], now)),
        line=tuple(map(person, line)),
    )


def _desks(site: Site) -> tuple[dict[int, frozenset[int]], Served]:
    rows = Desk.objects.filter(site=site, is_active=True).values_list(
        "id",
        "topics",
        "topics__family_id",
        "topics__needs_skill",
        "topics__handling_minutes",
    )
    served: dict[int, set[int]] = defaultdict(set)
    tasks: Served = {}
    for desk_id, topic_id, family_id, needs_skill, declared in rows:
        served[desk_id] |= {topic_id} - {None}
        if topic_id is not None:
            tasks[topic_id] = Task(family_id, needs_skill, float(declared))
    return {desk_id: frozenset(topics) for desk_id, topics in served.items()}, tasks


def _receiving(
    site: Site,
    desks: dict[int, frozenset[int]],
    tasks: Served,
    visits: list[tuple[Ticket, rules.Waiting]],
    now: datetime,
) -> Iterator[rules.Receiving]:
    sitting = DeskSession.objects.filter(
        desk__site=site, closed_at=None, status=DeskSession.Status.OPEN
    )
    agents = {d: a for d, a in sitting.values_list("desk_id", "agent_id") if d in desks}
    # A desk driven by another program has no session; whoever holds a ticket is receiving.
    busy = {ticket.desk_id or 0: (ticket, person) for ticket, person in visits}
    for desk_id, (ticket, _person) in busy.items():
        agents.setdefault(desk_id, ticket.agent_id or 0)
    able = _able(set(agents.values()), tasks)
    for desk_id, agent_id in agents.items():
        unable = frozenset(
            topic
            for topic, task in tasks.items()
            if task.needs_skill and (agent_id, task.family_id) not in able
        )
        here = rules.Receiving(desk_id, desks[desk_id] - unable, agent_id, unable=unable)
        if desk_id in busy:
            ticket, person = busy[desk_id]
            elapsed = elapsed_seconds(ticket.started_at or ticket.last_call_at or now, now) / 60
            rest = rules.rest_of_visit(person.stops[0].full or UNKNOWN, max(0.0, elapsed))
            here = replace(here, rest=rest, afterwards=person.onwards)
        yield here


def _able(agent_ids: set[int], tasks: Served) -> set[tuple[int, int]]:
    families = {task.family_id for task in tasks.values() if task.needs_skill}
    if not families:
        return set()
    skills = Skill.objects.filter(
        agent_id__in=agent_ids, family_id__in=families, level__gte=Skill.Level.ABLE
    )
    return set(skills.values_list("agent_id", "family_id"))


def _planned(tickets: list[Ticket]) -> dict[int, list[int]]:
    """The topics that come after the present one, by ticket."""
    legs = Leg.objects.filter(
        ticket_id__in=[ticket.pk for ticket in tickets], waiting_since=None, ended_at=None
    )
    planned: dict[int, list[int]] = defaultdict(list)
    for ticket_id, topic_id in legs.order_by("position").values_list("ticket_id", "topic_id"):
        planned[ticket_id].append(topic_id)
    return planned


def _person(
    ticket: Ticket, planned: Iterable[int], lately: "Lately", tasks: Served
) -> rules.Waiting:
    stops = [lately.stop(topic_id, tasks) for topic_id in (ticket.topic_id, *planned)]
    return rules.Waiting(
        ticket.pk,
        ticket.rank_at.timestamp(),
        tuple(stops),
        ticket.reserved_desk_id,
        ticket.reserved_agent_id,
    )


@dataclass(frozen=True)
class Lately:
    """How visits went in the last weeks: their lengths by topic, and who was not there."""

    lengths: dict[int, rules.Lengths]
    left: float
    no_show: float

    def stop(self, topic_id: int, tasks: Served) -> rules.Stop:
        """What somebody in line takes: as lately, else as declared, else unknown."""
        full = self.lengths.get(topic_id, ())
        if not full and topic_id in tasks:
            full = rules.lengths_declared(tasks[topic_id].declared)
        absent = rules.with_absent(full, left=self.left, no_show=self.no_show)
        return rules.Stop(topic_id, absent, full)


def visits_lately(site: Site, now: datetime) -> Lately:
    """How visits to a site went lately; read again every ten minutes."""
    key = f"queue:lately:{site.pk}"
    known: Lately | None = cache.get(key)
    if known is None:
        known = _visits_lately(site, now)
        cache.set(key, known, HISTORY_KEPT)
    return known


def _visits_lately(site: Site, now: datetime) -> Lately:
    recent = Ticket.objects.filter(
        site=site, day__gte=(now - HISTORY).date(), state__in=_ENDED
    ).order_by("-day", "-id")
    minutes: dict[int, list[float]] = defaultdict(list)
    states: Counter[str] = Counter()
    rows = recent.values_list("state", "topic_id", "transfers", "last_call_at", "ended_at")
    for state, topic_id, transfers, called_at, ended_at in rows[:HISTORY_ROWS]:
        states[state] += 1
        if state == rules.DONE and not transfers and called_at and ended_at:
            minutes[topic_id].append(elapsed_seconds(called_at, ended_at) / 60)
    total = states.total() if states.total() >= rules.ENOUGH_HISTORY else 0
    return Lately(
        {topic: found for topic, told in minutes.items() if (found := rules.lengths_lately(told))},
        left=states[rules.LEFT] / total if total else 0.0,
        no_show=states[rules.NO_SHOW] / total if total else 0.0,
    )


def hall_facts(site: Site, now: datetime) -> HallFacts:
    """The state of the hall in figures; never about a named colleague."""
    day = local_day(now, ZoneInfo(site.timezone))
    today = Ticket.objects.filter(site=site, day=day)
    states = Counter(today.values_list("state", flat=True))
    in_line = list(waiting(site, now).values_list("issued_at", flat=True))
    statuses = Counter(open_desks(site).values_list("status", flat=True))
    longest = elapsed_seconds(min(in_line), now) if in_line else None
    return HallFacts(
        waiting=len(in_line),
        longest_wait_minutes=None if longest is None else max(0, int(longest // 60)),
        at_desks=states[rules.CALLED] + states[rules.SERVING],
        held=states[rules.HELD],
        desks_open=statuses[DeskSession.Status.OPEN],
        desks_paused=statuses[DeskSession.Status.PAUSE],
        issued_today=states.total(),
        finished_today=states[rules.DONE],
        left_today=states[rules.LEFT],
        no_shows_today=states[rules.NO_SHOW],
    )
