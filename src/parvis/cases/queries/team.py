"""The service and its cases: who has how many, who is away, what was offered to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from parvis.accounts import queries as accounts
from parvis.accounts.models import Absence, Agent
from parvis.accounts.rules import stand_in
from parvis.cases import rules
from parvis.cases.models import Case, Handover, LoadCap
from parvis.cases.queries.following import PENDING
from parvis.common.access import Actor
from parvis.organisations.models import Service


@dataclass(frozen=True)
class Colleague:
    """One line of the team, which is in the order of the alphabet and in no other."""

    agent: Agent
    running: int
    awaiting: int  # of these, waiting for the person
    cap: int | None
    absence: Absence | None
    stands_in: Agent | None

    @property
    def is_full(self) -> bool:
        """Has the colleague enough cases?"""
        return self.cap is not None and self.running >= self.cap


@dataclass(frozen=True)
class Team:
    """A service: its people by name, its cap, and the cases that nobody follows."""

    service: Service
    cap: int | None
    colleagues: list[Colleague]
    without_referent: int


def team(service: Service, on: date) -> Team:
    """Who follows how many running cases in a service; four queries whatever its size."""
    rows = Case.objects.filter(service=service, state__in=rules.RUNNING)
    counted = rows.values("referent", "state").order_by().annotate(n=Count("pk"))
    loads = {(row["referent"], row["state"]): row["n"] for row in counted}
    caps: dict[int | None, int] = dict(
        LoadCap.objects.filter(service=service).values_list("agent_id", "most")
    )
    away = {row.agent_id: row for row in accounts.absences_on(on, service_ids=[service.pk])}
    deputies = {pk: row.deputy_id for pk, row in away.items()}
    agents = list(accounts.agents_of(service).order_by(
        "entry__last_name", "entry__first_name", "username"
    ))  # fmt: skip
    by_pk = {agent.pk: agent for agent in agents}

    def line(agent: Agent) -> Colleague:
        open_, waiting = (loads.get((agent.pk, state), 0) for state in ("open", "awaiting"))
        found = stand_in(agent.pk, deputies) if agent.pk in away else None
        return Colleague(
            agent,
            open_ + waiting,
            waiting,
            caps.get(agent.pk, caps.get(None)),
            away.get(agent.pk),
            by_pk.get(found) if found else None,
        )

    nobody = sum(n for (referent, _state), n in loads.items() if referent is None)
    return Team(service, caps.get(None), [line(agent) for agent in agents], nobody)


def pending_for(agent: Agent) -> QuerySet[Handover]:
    """What was offered to a colleague and waits for an answer, the oldest first."""
    return _whole(Handover.objects.filter(receiver=agent, state__in=PENDING))


def pending_from(agent: Agent) -> QuerySet[Handover]:
    """What a colleague offered and still answers for."""
    return _whole(Handover.objects.filter(giver=agent, state=Handover.State.OFFERED))


def left_behind(service_ids: Sequence[int]) -> QuerySet[Handover]:
    """Cases of colleagues who left, which nobody has looked at since."""
    return _whole(
        Handover.objects.filter(case__service_id__in=service_ids, state=Handover.State.LEFT)
    ).order_by("giver__entry__last_name", "giver_id", "offered_at", "pk")


def cases_of_absent(service_ids: Sequence[int], on: date) -> list[tuple[Absence, list[Case]]]:
    """The running cases of everybody who is away, by colleague in the order of the alphabet."""
    absences = accounts.absences_on(on, service_ids=service_ids)
    rows = Case.objects.filter(
        referent__in=[row.agent_id for row in absences],
        service_id__in=service_ids,
        state__in=rules.RUNNING,
    ).select_related("service", "person", "referent__entry", "deputy__entry", "clock")
    found: dict[int, list[Case]] = {row.agent_id: [] for row in absences}
    for case in rows.order_by("due_on", "last_activity_at", "pk")[:1000]:
        found[case.referent_id or 0].append(case)
    return [(row, found[row.agent_id]) for row in absences]


def services_steered(agent: Actor, own: int | None) -> list[Service]:
    """The services whose team somebody sees: every open one for the head of reception."""
    services = Service.objects.filter(authority_id=agent.authority_id, is_active=True)
    if not agent.may("cases.manage"):
        services = services.filter(pk=own or 0)
    # Of a sensitive service, outsiders see neither cases nor who has how many.
    visible = [one for one in services.order_by("name", "pk") if not one.is_sensitive]
    return visible + [one for one in services if one.is_sensitive and one.pk == own]


def _whole(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    return rows.select_related(
        "case__service",
        "case__person",
        "case__topic",
        "case__referent",
        "giver__entry",
        "receiver__entry",
        "by__entry",
        "deputy",
    )
