"""The hall as a whole: who receives where, who waits, what it amounts to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import QuerySet

from parvis.accounts.models import Agent
from parvis.common.clock import elapsed_seconds, local_day
from parvis.organisations.models import Desk, Site
from parvis.queue import rules
from parvis.queue.models import DeskSession, Ticket
from parvis.queue.queries.tickets import at_desks

HISTORY = timedelta(days=28)
HISTORY_ROWS = 2000  # the latest visits say enough, and the cost stays the same for ever
HISTORY_KEPT = 600  # seconds


@dataclass(frozen=True)
class Hall:
    """What waits are computed from: one reading of the hall, in four queries."""

    desks: tuple[tuple[int, frozenset[int]], ...]  # all in use
    open_desks: tuple[rules.OpenDesk, ...]
    line: tuple[rules.InLine, ...]

    def ahead_of(self, ticket_id: int) -> tuple[rules.InLine, ...]:
        """Those in line before a ticket; everybody when it is not in line."""
        places = [person.id for person in self.line]
        end = places.index(ticket_id) if ticket_id in places else len(places)
        return self.line[:end]

    @property
    def calling_desks(self) -> list[tuple[int, frozenset[int]]]:
        """The desks that receive now; all of them when nobody sits anywhere yet."""
        receiving = [(desk.id, desk.topics) for desk in self.open_desks]
        return receiving or list(self.desks)


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
    """Read the hall as it is now."""
    desks: dict[int, set[int]] = defaultdict(set)
    for desk_id, topic_id in Desk.objects.filter(site=site, is_active=True).values_list(
        "id", "topics"
    ):
        desks[desk_id] |= {topic_id} - {None}
    topics = {desk_id: frozenset(served) for desk_id, served in desks.items()}
    minutes = recent_minutes(site, now)
    return Hall(
        desks=tuple(topics.items()),
        open_desks=tuple(_open_desks(site, topics, minutes, now)),
        line=tuple(_in_line(site, minutes, now)),
    )


def _open_desks(
    site: Site, topics: dict[int, frozenset[int]], minutes: dict[int, float], now: datetime
) -> Iterable[rules.OpenDesk]:
    sitting = DeskSession.objects.filter(
        desk__site=site, closed_at=None, status=DeskSession.Status.OPEN
    ).values_list("desk_id", flat=True)
    rest = dict.fromkeys((desk_id for desk_id in sitting if desk_id in topics), 0.0)
    # A desk driven by another program has no session; whoever holds a ticket is receiving.
    busy = at_desks().filter(desk_id__in=topics)
    for desk_id, topic_id, declared, since in busy.values_list(
        "desk_id", "topic_id", "topic__handling_minutes", "last_call_at"
    ):
        usual = minutes.get(topic_id) or float(declared)
        rest[desk_id] = rules.rest_of_visit(usual, since=since or now, now=now)
    return [rules.OpenDesk(desk_id, topics[desk_id], free) for desk_id, free in rest.items()]


def _in_line(site: Site, minutes: dict[int, float], now: datetime) -> Iterable[rules.InLine]:
    rows = waiting(site, now).values_list(
        "id", "topic_id", "reserved_desk_id", "topic__handling_minutes"
    )
    for ticket_id, topic_id, reserved, declared in rows:
        usual = minutes.get(topic_id) or float(declared) or None
        yield rules.InLine(ticket_id, topic_id, reserved, usual)


def recent_minutes(site: Site, now: datetime) -> dict[int, float]:
    """Usual minutes at the desk by topic, where recent visits tell enough."""
    key = f"queue:minutes:{site.pk}"
    known: dict[int, float] | None = cache.get(key)
    if known is None:
        known = _recent_minutes(site, now)
        cache.set(key, known, HISTORY_KEPT)
    return known


def _recent_minutes(site: Site, now: datetime) -> dict[int, float]:
    recent = Ticket.objects.filter(
        site=site, day__gte=(now - HISTORY).date(), state=rules.DONE, transfers=0
    ).order_by("-day", "-id")
    visits: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = recent.values_list("topic_id", "started_at", "ended_at")[:HISTORY_ROWS]
    for topic_id, started_at, ended_at in rows:
        if started_at and ended_at:
            visits[topic_id].append((started_at, ended_at))
    means = {topic: rules.usual_minutes(times, declared=0) for topic, times in visits.items()}
    return {topic: mean for topic, mean in means.items() if mean}


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
