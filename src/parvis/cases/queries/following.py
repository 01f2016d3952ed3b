"""Who is shown to the public on a date: the one place that says it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from parvis.accounts import queries as accounts
from parvis.accounts.models import Absence, Agent
from parvis.cases import rules
from parvis.cases.models import Case, Handover
from parvis.organisations import queries as organisations
from parvis.organisations.rules import NameLevel, ShownName

DAY = timedelta(days=1)
TOLD_BEFORE = timedelta(days=60)  # an absence that begins later is not spoken of yet
LONGEST = timedelta(days=366)
# Stored as the reason when the rule found nobody of whom less would have to be said.
NOBODY_ELSE = "nobody_else"


def staff_on(day: date, service_ids: Collection[int], *, for_agents: bool = False) -> rules.Staff:
    """Who of these services is away that day, and who may be shown instead: one query."""
    rows = accounts.absences_on(day, service_ids=service_ids)
    follower = _colleague if for_agents else partial(_follower, on=day)
    people = [follower(row.deputy) for row in rows if row.deputy is not None]
    return rules.Staff(
        away={row.agent_id: row.days for row in rows},
        people={one.pk: one for one in people if one is not None},
    )


def named_contact(case: Case, on: date, *, staff: rules.Staff | None = None) -> rules.NamedContact:
    """Whom the public sees that day, and who stands behind; ``staff`` when it is known already."""
    return rules.named_contact(
        _follower(case.referent, on),
        _follower(case.deputy, on),
        service_id=case.service_id,
        service=case.service.label,
        staff=staff or staff_on(on, [case.service_id]),
        deputy_is_chosen=case.deputy_is_chosen,
    )


def announced(case: Case, today: date) -> list[rules.StandIn]:
    """Absences of the referent that begin soon: who is shown on each of their days, beforehand."""
    if case.referent_id is None or case.state not in rules.RUNNING:
        return []
    soon = today + TOLD_BEFORE
    own = [
        row
        for row in accounts.absences_between(
            today + DAY, soon + LONGEST, service_ids=[case.service_id]
        )
        if row.agent_id == case.referent_id and today < row.first_day <= soon
    ]
    if not own:
        return []
    last = max(row.last_day for row in own)
    rows = accounts.absences_between(own[0].first_day, last, service_ids=[case.service_id])
    days = [
        row.first_day + DAY * n
        for row in own
        for n in range(min((row.last_day - row.first_day).days + 1, LONGEST.days))
    ]
    return rules.stand_ins((day, named_contact(case, day, staff=_staff(rows, day))) for day in days)


def _staff(rows: Iterable[Absence], day: date) -> rules.Staff:
    there = [row for row in rows if row.first_day <= day <= row.last_day]
    people = [_follower(row.deputy, day) for row in there]
    return rules.Staff(
        away={row.agent_id: row.days for row in there},
        people={one.pk: one for one in people if one is not None},
    )


def shown_agent(case: Case, on: date) -> Agent | None:
    """The colleague behind what the public sees that day; None when the service answers."""
    rows = accounts.absences_on(on, service_ids=[case.service_id])
    found = rules.shown_follower(
        _follower(case.referent, on),
        _follower(case.deputy, on),
        service_id=case.service_id,
        staff=staff_on(on, [case.service_id]),
        deputy_is_chosen=case.deputy_is_chosen,
    )
    agents = [case.referent, case.deputy, *(row.deputy for row in rows)]
    return next((one for one in agents if one and found and one.pk == found.pk), None)


def stands_in(case: Case, staff: rules.Staff) -> rules.NamedContact | None:
    """Who answers while the referent is away, by full name for colleagues; None when they are in.

    ``staff`` as it is for agents.
    """
    if case.referent_id not in staff.away:
        return None
    return rules.named_contact(
        _colleague(case.referent),
        _colleague(case.deputy),
        service_id=case.service_id,
        service=case.service.label,
        staff=staff,
        deputy_is_chosen=case.deputy_is_chosen,
    )


def _colleague(agent: Agent | None) -> rules.Follower | None:
    if agent is None:
        return None
    shown = ShownName(NameLevel.FULL, agent.display_name, "", "")
    return rules.Follower(agent.pk, agent.service_id, agent.is_active, shown, agent.is_robot)


def _follower(agent: Agent | None, on: date) -> rules.Follower | None:
    if agent is None or agent.entry is None:
        return None
    return rules.Follower(
        agent.pk,
        agent.service_id,
        agent.is_active,
        organisations.shown_name(agent.entry, on),
        agent.is_robot,
    )


PENDING = (Handover.State.OFFERED, Handover.State.LEFT)


def pending_handover(case: Case) -> Handover | None:
    """The offer of this case that waits for an answer, or what a departure left to look at."""
    rows = case.handovers.filter(state__in=PENDING)
    return rows.select_related(
        "giver__entry",
        "receiver__entry__service",
        "receiver__entry__authority",
        "by__entry",
        "deputy__entry",
        "case__service",
        "case__topic",
    ).first()


@dataclass(frozen=True)
class Exceptional:
    """What spoke against the referent when they were given the case, and the reason it was done."""

    is_unskilled: bool
    is_over_cap: bool
    because: str  # empty: nobody else could be asked


def exception_of(case: Case) -> Exceptional | None:
    """Why this referent, where something spoke against it; None where nothing did."""
    line = case.entries.filter(data__referent=case.referent_id, data__has_key="exceptions").last()
    if line is None or case.referent_id is None:
        return None
    found, because = line.data["exceptions"], line.data.get("because", "")
    is_said = because != NOBODY_ELSE
    return Exceptional(
        rules.UNSKILLED in found, rules.OVER_CAP in found, because if is_said else ""
    )
