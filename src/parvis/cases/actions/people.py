"""Finding and checking the people who follow a case."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from parvis.accounts import queries as accounts
from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.actions.clocks import local_today
from parvis.cases.models import Case, Handover, LoadCap
from parvis.cases.queries.following import NOBODY_ELSE
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.contacts.models import Person
from parvis.organisations.models import Service, Topic


@dataclass(frozen=True)
class Pair:
    """Who follows, and who stands in; and the reason when something spoke against it."""

    referent: Agent | None
    deputy: Agent | None
    deputy_is_chosen: bool = False
    exceptions: tuple[str, ...] = ()
    because: str = ""


@dataclass
class Teams:
    """The colleagues of a service as they are found now, and what this action gave each so far."""

    now: datetime
    given: Counter[int] = field(default_factory=Counter)
    _found: dict[tuple[int, int], dict[int, Agent]] = field(default_factory=dict)
    _caps: dict[int, dict[int | None, int]] = field(default_factory=dict)
    _away: dict[int, frozenset[int]] = field(default_factory=dict)

    def agents(self, service: Service, topic: Topic) -> dict[int, Agent]:
        """Everybody in post in the service, with skill and load."""
        key = (service.pk, topic.family_id)
        if key not in self._found:
            self._found[key] = _agents_of(service, topic)
        return self._found[key]

    def colleagues(self, service: Service, topic: Topic) -> list[rules.Colleague]:
        """The same as the rules want them."""
        if service.pk not in self._caps:
            rows = LoadCap.objects.filter(service=service).values_list("agent_id", "most")
            self._caps[service.pk] = dict(rows)
            today = local_today(self.now, None)
            away = accounts.absences_on(today, service_ids=[service.pk])
            self._away[service.pk] = frozenset(row.agent_id for row in away)
        return [self._colleague(one, service) for one in self.agents(service, topic).values()]

    def _colleague(self, agent: Agent, service: Service) -> rules.Colleague:
        caps = self._caps[service.pk]
        return replace(
            _plain(agent),
            roles=frozenset(g.role for g in agent.grants.all() if g.is_current(self.now)),
            skill=getattr(agent, "skill", 0) or 0,
            load=getattr(agent, "load", 0) + self.given[agent.pk],
            cap=caps.get(agent.pk, caps.get(None)),
            is_away=agent.pk in self._away[service.pk],
        )


def chosen_pair(
    service: Service,
    topic: Topic,
    *,
    now: datetime,
    person: Person | None = None,
    referent: Agent | None = None,
    deputy: Agent | None = None,
    because: str = "",
    teams: Teams | None = None,
) -> Pair:
    """The given people, checked, and a proposal for whoever was not given.

    Somebody without a validated skill, or with enough cases already, is given one more only with
    a reason; the rule itself does so only when nobody of whom less would be said is there.
    """
    check_follows(referent, service)
    check_follows(deputy, service)
    if referent is not None and referent == deputy:
        raise Refused(_("The deputy is another person than the referent."))
    teams, is_chosen = teams or Teams(now), deputy is not None
    agents, colleagues = teams.agents(service, topic), teams.colleagues(service, topic)
    if referent is None:
        referent = _proposed(service, topic, person, deputy, agents, colleagues)
        because = because or NOBODY_ELSE  # the rule never leaves a case without a name
    if deputy is None and referent is not None:
        second = rules.choose_deputy(colleagues, service_id=service.pk, referent_id=referent.pk)
        deputy = agents[second.pk] if second else None
    found, reason = _exceptions(referent, service, colleagues, because)
    if referent is not None:
        teams.given[referent.pk] += 1
    return Pair(referent, deputy, is_chosen, found, reason)


def _proposed(
    service: Service,
    topic: Topic,
    person: Person | None,
    deputy: Agent | None,
    agents: dict[int, Agent],
    colleagues: list[rules.Colleague],
) -> Agent | None:
    others = [c for c in colleagues if deputy is None or c.pk != deputy.pk]
    found = rules.choose_referent(
        others, service_id=service.pk, known_by=_known_by(person, service, topic)
    )
    return agents[found.pk] if found else None


def _exceptions(
    referent: Agent | None, service: Service, colleagues: list[rules.Colleague], because: str
) -> tuple[tuple[str, ...], str]:
    one = next((c for c in colleagues if referent is not None and c.pk == referent.pk), None)
    found = rules.exceptions(one) if one else ()
    if not found:
        return (), ""
    reason = one_line(because)[:200]
    if not reason and rules.unavoidable(found, colleagues, service_id=service.pk):
        reason = NOBODY_ELSE
    if not reason:
        raise Refused(_reason_wanted(found, referent), code="reason_needed")
    return found, reason


def _reason_wanted(found: tuple[str, ...], referent: Agent | None) -> str:
    values = {"name": referent.display_name if referent else ""}
    if rules.UNSKILLED in found:
        return (
            _(
                "%(name)s has no validated skill for this topic, and a colleague has: say why they "
                "follow it all the same."
            )
            % values
        )
    return (
        _(
            "%(name)s has enough cases already, and a colleague has room: say why they take one "
            "more."
        )
        % values
    )


def in_hands(pair: Pair, now: datetime) -> dict[str, Any]:
    """The columns of a case that say who follows it from now on."""
    return {
        "referent": pair.referent,
        "deputy": pair.deputy,
        "deputy_is_chosen": pair.deputy_is_chosen,
        "referent_since": now if pair.referent else None,
    }


def exceptions_of(pair: Pair) -> dict[str, Any]:
    """What a line of the story keeps of them: nothing, most of the time."""
    if not pair.exceptions:
        return {}
    return {"exceptions": list(pair.exceptions), "because": pair.because}


def check_follows(agent: Agent | None, service: Service) -> None:
    """Refuse anybody who is not a person at work in the owning service."""
    if agent is not None and not rules.may_follow(_plain(agent), service.pk):
        raise Refused(
            _("A case of %(service)s is followed by somebody of %(service)s, in post.")
            % {"service": service.label},
            code="not_of_service",
        )


def still_fits(agent: Agent | None, case: Case) -> bool:
    """May this colleague go on following the case?"""
    return agent is not None and rules.may_follow(_plain(agent), case.service_id)


def withdraw_pending(case: Case, now: datetime) -> None:
    """An offer of a case that is closed, sent on or in other hands waits for nobody."""
    pending = Handover.objects.filter(
        case=case, state__in=[Handover.State.OFFERED, Handover.State.LEFT]
    )
    pending.update(state=Handover.State.WITHDRAWN, answered_at=now)


def _plain(agent: Agent) -> rules.Colleague:
    return rules.Colleague(
        agent.pk, agent.service_id, is_active=agent.is_active, is_robot=agent.is_robot
    )


def _agents_of(service: Service, topic: Topic) -> dict[int, Agent]:
    running = Count("cases", filter=Q(cases__state__in=rules.RUNNING), distinct=True)
    skill = Max("skills__level", filter=Q(skills__family_id=topic.family_id))
    agents = (
        Agent.objects.filter(service=service, is_active=True, is_robot=False)
        .annotate(load=running, skill=skill)
        .select_related("entry")
        .prefetch_related("grants")
        .order_by("pk")
    )
    return {agent.pk: agent for agent in agents}


def _known_by(person: Person | None, service: Service, topic: Topic) -> list[int]:
    """Who followed earlier cases of the person in this service: same family first, then latest."""
    if person is None:
        return []
    earlier = Case.objects.filter(person=person, service=service, referent__isnull=False)
    latest = earlier.order_by("-opened_at", "-pk").values_list("referent_id", "topic__family_id")
    rows = list(latest[:10])
    same = [pk for pk, family in rows if family == topic.family_id]
    return list(dict.fromkeys(pk for pk in [*same, *(pk for pk, _family in rows)] if pk))
