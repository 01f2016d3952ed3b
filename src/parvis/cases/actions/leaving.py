"""Somebody leaves the service: each of their cases is in somebody's hands at once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from parvis.accounts import queries as accounts
from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.actions import handovers, people, story
from parvis.cases.actions.clocks import local_today
from parvis.cases.events import CaseReferentChanged
from parvis.cases.models import Case, Handover
from parvis.cases.queries.following import NOBODY_ELSE
from parvis.common.events import emit


@transaction.atomic
def take_over_from(agent: Agent, *, now: datetime) -> int:
    """Give every running case of somebody who left, or changed service, to a colleague at once.

    Whoever was asked to take it over already comes first, then the deputy, who knows the case.
    The person reads once on their page who follows now; said again, nothing happens.
    """
    _give_back_what_was_offered(agent, now)
    theirs = Case.objects.filter(Q(referent=agent) | Q(deputy=agent), state__in=rules.RUNNING)
    if agent.is_active:
        theirs = theirs.exclude(service_id=agent.service_id or 0)
    cases = theirs.select_related(
        "service", "topic", "person", "referent", "deputy__entry"
    ).order_by("pk")
    teams = people.Teams(now)
    found = list(cases)
    asked = _asked(found)
    absent = accounts.absences_on(
        local_today(now, None), service_ids={case.service_id for case in found}
    )
    away = {row.agent_id for row in absent}
    for case in found:
        if case.referent_id == agent.pk:
            _replace_referent(case, agent, now, teams, asked.get(case.pk), away)
        else:
            _replace_deputy(case, now, teams)
    return len(found)


def _asked(cases: list[Case]) -> dict[int, Agent]:
    """Who had been asked to take which case over."""
    rows = Handover.objects.filter(case__in=cases, state=Handover.State.OFFERED)
    return {row.case_id: row.receiver for row in rows.select_related("receiver")}


def _replace_referent(
    case: Case,
    gone: Agent,
    now: datetime,
    teams: people.Teams,
    asked: Agent | None,
    away: set[int],
) -> None:
    pair = _heirs(case, now, teams, asked, away)
    people.withdraw_pending(case, now)
    handovers.put_in_hands(case, now, pair)
    if pair.referent is not None:
        Handover.objects.create(
            case=case,
            giver=gone,
            receiver=pair.referent,
            state=Handover.State.LEFT,
            because=pair.because,
            offered_at=now,
        )
    line = story.add_line(
        case,
        story.Kind.HANDED_OVER,
        now=now,
        before=gone.pk,
        referent=case.referent_id,
        deputy=case.deputy_id,
        **_why(gone),
        **people.exceptions_of(pair),
    )
    story.note_down(case, None, "case_taken_over", before=gone.pk, referent=case.referent_id)
    emit(CaseReferentChanged(case.pk, case.authority_id, gone.pk, case.referent_id, line.pk))


def _why(gone: Agent) -> dict[str, Any]:
    return {"has_moved": True} if gone.is_active else {"has_left": True}


def _heirs(
    case: Case, now: datetime, teams: people.Teams, asked: Agent | None, away: set[int]
) -> people.Pair:
    """Whoever was asked, else the deputy, else whom the rule finds: somebody who is there."""
    fit = [one for one in (asked, case.deputy) if one and people.still_fits(one, case)]
    heir = next((one for one in fit if one.pk not in away), None)
    deputy = case.deputy if case.deputy in fit and case.deputy != heir else None
    return people.chosen_pair(
        case.service,
        case.topic,
        now=now,
        person=case.person,
        referent=heir,
        deputy=deputy,
        because=NOBODY_ELSE,
        teams=teams,
    )


def _replace_deputy(case: Case, now: datetime, teams: people.Teams) -> None:
    # The referent stays whoever they are: only who stands in is chosen anew.
    colleagues = teams.colleagues(case.service, case.topic)
    second = rules.choose_deputy(
        colleagues, service_id=case.service_id, referent_id=case.referent_id or 0
    )
    agents = teams.agents(case.service, case.topic)
    deputy = agents[second.pk] if second else None
    story.change(case, now=now, deputy=deputy, deputy_is_chosen=False)
    story.note_down(case, None, "deputy_replaced", deputy=case.deputy_id)


def _give_back_what_was_offered(gone: Agent, now: datetime) -> None:
    """What was offered to them is with whoever offered it."""
    rows = Handover.objects.filter(receiver=gone, state=Handover.State.OFFERED)
    if gone.is_active:
        rows = rows.exclude(case__service_id=gone.service_id or 0)
    rows.update(state=Handover.State.WITHDRAWN, answered_at=now)
