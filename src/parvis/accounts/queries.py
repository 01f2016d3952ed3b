"""Who may be asked: agents of a service, agents who know a family of topics, desks taken."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from parvis.accounts import rules
from parvis.accounts.http import AgentRequest
from parvis.accounts.models import (
    Absence,
    Agent,
    ApiToken,
    DeskChoice,
    Liaison,
    Presence,
    RoleGrant,
    Skill,
)
from parvis.accounts.rules import LONGEST_SESSION
from parvis.common.codes import hash_secret
from parvis.organisations import queries as places
from parvis.organisations.models import (
    Authority,
    Desk,
    DirectoryEntry,
    Service,
    Site,
    TopicFamily,
)

DESK_KEY = "desk_id"  # in the session: the desk chosen at sign-in, absent when working without one


def current_desk(request: AgentRequest) -> Desk | None:
    """The desk that the agent chose in this session, unless it was taken out of use since."""
    chosen = request.session.get(DESK_KEY)
    if chosen is None:
        return None
    desks = Desk.objects.visible_to(request.user).filter(pk=chosen, is_active=True)
    return desks.select_related("site__authority").first()


def agents_of(service: Service) -> QuerySet[Agent]:
    """The colleagues of a service who may be given its cases, by name."""
    return _by_name(Agent.objects.at_work().filter(service=service))


def colleagues_of(authority: Authority) -> QuerySet[Agent]:
    """Everybody who works for an authority and may sign in, by name."""
    return _by_name(Agent.objects.at_work().filter(authority=authority))


def skilled_agents(
    family: TopicFamily, *, site: Site | None = None, least: int = Skill.Level.ABLE
) -> QuerySet[Agent]:
    """The colleagues whose validated skill in a family is at least this, the most expert first."""
    agents: QuerySet[Agent] = Agent.objects.at_work().filter(
        skills__family=family, skills__level__gte=least
    )
    if site is not None:
        agents = agents.filter(site=site)
    return agents.select_related("entry", "service").order_by(
        "-skills__level", "entry__last_name", "username"
    )


@dataclass(frozen=True)
class Place:
    """A desk, and the colleague who has it today."""

    desk: Desk
    holder: Agent | None


def places_by_site(
    authority: Authority, *, now: datetime, usual: Site | None = None
) -> list[tuple[Site, list[Place]]]:
    """The desks of every hall with who has them, the usual hall first: two queries.

    Yesterday's choices do not count.
    """
    choices = DeskChoice.objects.filter(
        desk__site__authority=authority, since__gt=now - LONGEST_SESSION, agent__is_active=True
    ).select_related("agent__entry")
    holders = {choice.desk_id: choice.agent for choice in choices}
    halls = [
        (site, [Place(desk, holders.get(desk.pk)) for desk in desks])
        for site, desks in groupby(places.desks_of_authority(authority), key=lambda d: d.site)
    ]
    return sorted(halls, key=lambda hall: hall[0] != usual)


def liaisons_of(service_id: int, on: date) -> list[Agent]:
    """Who is asked in a service that day, the liaison before the deputies."""
    rows = _current(on).filter(service_id=service_id, agent__is_active=True)
    return [row.agent for row in rows]


def liaised_services(agent: Agent, on: date) -> set[int]:
    """The services that ask through this colleague: those of the liaison, and their own."""
    held = set(_current(on).filter(agent=agent).values_list("service_id", flat=True))
    return held | ({agent.service_id} if agent.service_id else set())


def heads_of_service(service_id: int, now: datetime) -> list[Agent]:
    """The heads of a department, by name."""
    return list(_holding("DIR", now).filter(service_id=service_id))


def heads_of_reception(authority_id: int, now: datetime) -> list[Agent]:
    """The heads of reception of an authority, by name."""
    return list(_holding("MGR", now).filter(authority_id=authority_id))


def protection_officers(authority_id: int, now: datetime) -> list[Agent]:
    """Whoever guards personal data in an authority, by name."""
    return list(_holding("DPO", now).filter(authority_id=authority_id))


def _holding(role: str, now: datetime) -> QuerySet[Agent]:
    grants = RoleGrant.objects.filter(role=role).exclude(until__lte=now)
    agents: QuerySet[Agent] = Agent.objects.at_work().filter(pk__in=grants.values("agent"))
    return _by_name(agents.select_related("presence")).order_by("pk")


def is_out(agent: Agent, now: datetime) -> bool:
    """Is this colleague out now: said so a while ago, or on a day of an announced absence?

    Whoever asks about several prefetches their ``absences``.
    """
    said: Presence | None = getattr(agent, "presence", None)
    return (said is not None and said.is_out(now)) or absent_until(agent, now) is not None


def absent_until(agent: Agent, now: datetime) -> date | None:
    """The last day of the absence of this colleague that covers this day, if there is one."""
    today = timezone.localdate(now)
    return next((row.last_day for row in agent.absences.all() if row.days.covers(today)), None)


@dataclass(frozen=True)
class Network:
    """A service as the desks see it: who is asked, and who else is a contact point."""

    service: Service
    liaisons: list[Liaison]
    assistants: list[DirectoryEntry]


def network(authority: Authority, on: date) -> list[Network]:
    """Every service with its liaisons and the assistants that one may ring: four queries."""
    liaisons: dict[int, list[Liaison]] = defaultdict(list)
    for row in _current(on).filter(service__authority=authority, agent__is_active=True):
        liaisons[row.service_id].append(row)
    points: dict[int, list[DirectoryEntry]] = defaultdict(list)
    entries = DirectoryEntry.objects.filter(
        authority=authority, is_contact_point=True, is_active=True
    )
    for entry in entries.order_by("last_name", "first_name", "pk"):
        points[entry.service_id].append(entry)
    return [
        Network(service, liaisons[service.pk], points[service.pk])
        for service in places.services_of(authority).order_by("name", "pk")
    ]


def _current(on: date) -> QuerySet[Liaison]:
    rows = Liaison.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    # The liaison before the deputies, whatever the alphabet says.
    named = rows.select_related("agent__entry", "agent__presence", "service")
    return named.prefetch_related("agent__absences").order_by(
        Case(When(rank=Liaison.Rank.FIRST, then=0), default=1), "since", "pk"
    )


def absences_on(day: date, *, service_ids: Collection[int]) -> list[Absence]:
    """Who of these services is away that day, with everybody who may be shown instead."""
    rows = Absence.objects.filter(
        agent__service_id__in=service_ids, first_day__lte=day, last_day__gte=day
    )
    return list(
        rows.select_related(
            "agent__entry",
            "deputy__entry__service",
            "deputy__entry__authority",
        ).order_by("agent__entry__last_name", "agent__entry__first_name", "pk")
    )


def absences_between(first: date, last: date, *, service_ids: Collection[int]) -> list[Absence]:
    """Who of these services is away on one of these days, with everybody who may be shown."""
    rows = Absence.objects.filter(
        agent__service_id__in=service_ids, first_day__lte=last, last_day__gte=first
    )
    named = rows.select_related("deputy__entry__service", "deputy__entry__authority")
    return list(named.order_by("first_day", "pk"))


def away_between(
    first: date, last: date, agent_ids: Collection[int]
) -> dict[int, list[rules.Away]]:
    """The absences of each of these colleagues that touch these days; no query for nobody."""
    found: dict[int, list[rules.Away]] = defaultdict(list)
    if agent_ids:
        rows = Absence.objects.filter(agent__in=agent_ids, first_day__lte=last, last_day__gte=first)
        for row in rows.order_by("first_day"):
            found[row.agent_id].append(row.days)
    return found


def absence_of(agent: Agent, *, on: date) -> Absence | None:
    """The absence of a colleague that day, if there is one."""
    return (
        agent.absences.filter(first_day__lte=on, last_day__gte=on)
        .select_related("deputy__entry")
        .first()
    )


def stands_in(agent_ids: Collection[int], *, on: date) -> dict[int, int]:
    """Who is there instead of each of these who is away: deputies of deputies followed.

    Nobody is named for somebody who is there, nor where the deputies end in nobody.
    """
    rows = Absence.objects.filter(first_day__lte=on, last_day__gte=on)
    authorities = Agent.objects.filter(pk__in=agent_ids).values("authority_id")
    away = rows.filter(agent__authority_id__in=authorities).values_list(
        "agent_id", "deputy_id", "deputy__is_active"
    )
    deputies = {agent: deputy if is_active else None for agent, deputy, is_active in away}
    found = {pk: rules.stand_in(pk, deputies) for pk in agent_ids if pk in deputies}
    return {pk: there for pk, there in found.items() if there is not None}


def absences_to_come(agents: QuerySet[Agent], on: date) -> QuerySet[Absence]:
    """Absences of these colleagues that last or are still to come, by name."""
    rows = Absence.objects.filter(agent__in=agents, last_day__gte=on)
    return rows.select_related("agent__entry", "agent__service", "deputy__entry").order_by(
        "agent__entry__last_name", "agent__entry__first_name", "first_day", "pk"
    )


def agent_of_token(secret: str) -> Agent | None:
    """Who acts when a program shows this key: its agent with rights; nobody once revoked."""
    found = (
        ApiToken.objects.filter(
            secret_hash=hash_secret(secret), revoked_at=None, agent__is_active=True
        )
        .values_list("agent_id", flat=True)
        .first()
    )
    agent: Agent | None = Agent.objects.with_rights().filter(pk=found).first() if found else None
    return agent


def _by_name(agents: QuerySet[Agent]) -> QuerySet[Agent]:
    return agents.select_related("entry", "service").order_by(
        "entry__last_name", "entry__first_name", "username"
    )
