"""Finding and checking the people who follow a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.models import Case
from parvis.common.errors import Refused
from parvis.contacts.models import Person
from parvis.organisations.models import Service, Topic


@dataclass(frozen=True)
class Pair:
    """Who follows, and who stands in."""

    referent: Agent | None
    deputy: Agent | None


def chosen_pair(
    service: Service,
    topic: Topic,
    *,
    now: datetime,
    person: Person | None = None,
    referent: Agent | None = None,
    deputy: Agent | None = None,
) -> Pair:
    """The given people, checked, and a proposal for whoever was not given."""
    check_follows(referent, service)
    check_follows(deputy, service)
    if referent is not None and referent == deputy:
        raise Refused(_("The deputy is another person than the referent."))
    if referent is not None and deputy is not None:
        return Pair(referent, deputy)
    agents = _agents_of(service, topic)
    colleagues = [_colleague(agent, now) for agent in agents.values()]
    if referent is None:
        without_deputy = [c for c in colleagues if deputy is None or c.pk != deputy.pk]
        found = rules.choose_referent(
            without_deputy, service_id=service.pk, known_by=_known_by(person, service)
        )
        referent = agents[found.pk] if found else None
    if deputy is None and referent is not None:
        second = rules.choose_deputy(colleagues, service_id=service.pk, referent_id=referent.pk)
        deputy = agents[second.pk] if second else None
    return Pair(referent, deputy)


def in_hands(pair: Pair, now: datetime) -> dict[str, Any]:
    """The columns of a case that say who follows it from now on."""
    return {
        "referent": pair.referent,
        "deputy": pair.deputy,
        "referent_since": now if pair.referent else None,
    }


def check_follows(agent: Agent | None, service: Service) -> None:
    """Refuse anybody who is not a person at work in the owning service."""
    if agent is None:
        return
    fits = rules.may_follow(
        rules.Colleague(
            agent.pk, agent.service_id, is_active=agent.is_active, is_robot=agent.is_robot
        ),
        service.pk,
    )
    if not fits:
        raise Refused(
            _("A case of %(service)s is followed by somebody of %(service)s, in post.")
            % {"service": service.label},
            code="not_of_service",
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


def _colleague(agent: Agent, now: datetime) -> rules.Colleague:
    return rules.Colleague(
        agent.pk,
        agent.service_id,
        roles=frozenset(g.role for g in agent.grants.all() if g.is_current(now)),
        skill=getattr(agent, "skill", 0) or 0,
        load=getattr(agent, "load", 0),
    )


def _known_by(person: Person | None, service: Service) -> list[int]:
    if person is None:
        return []
    earlier = Case.objects.filter(person=person, service=service, referent__isnull=False)
    latest = earlier.order_by("-opened_at", "-pk").values_list("referent_id", flat=True)[:10]
    return [pk for pk in latest if pk is not None]
