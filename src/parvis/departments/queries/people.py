"""Whose turn it may be for a question, and who may answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from parvis.accounts import queries as accounts
from parvis.accounts.models import Agent
from parvis.departments.models import Question
from parvis.departments.rules import questions as rules
from parvis.organisations.models import Service


@dataclass(frozen=True)
class Asked:
    """Who is asked at each step, and who of them is out."""

    people: Mapping[str, Sequence[int]]
    absent: frozenset[int]


def asked_for(service: Service, *, now: datetime) -> Asked:
    """The liaison, the deputies and the heads of a service, in the order in which they are asked.

    A service that named nobody is asked through those who hold the roles there.
    """
    liaisons = accounts.liaisons_of(service.pk, timezone.localdate(now))
    staff = list(_staff(service, now))
    roles = {agent.pk: _roles(agent, now) for agent in staff}
    named = [agent.pk for agent in liaisons]
    own = [agent for agent in staff if agent.service_id == service.pk]
    heads = [agent for agent in staff if "MGR" in roles[agent.pk]]
    people = {
        rules.LIAISON: named[:1] or [one.pk for one in own if "LIA" in roles[one.pk]],
        rules.DEPUTY: named[1:] or [one.pk for one in own if "REF" in roles[one.pk]],
        rules.HEAD_OF_SERVICE: [one.pk for one in own if "DIR" in roles[one.pk]],
        rules.HEAD_OF_RECEPTION: [one.pk for one in heads],
    }
    absent = {one.pk for one in [*liaisons, *staff] if accounts.is_out(one, now)}
    return Asked(people, frozenset(absent))


def _roles(agent: Agent, now: datetime) -> set[str]:
    return {grant.role for grant in agent.grants.all() if grant.is_current(now)}


def _staff(service: Service, now: datetime) -> QuerySet[Agent]:
    heads = Q(grants__role="MGR", authority_id=service.authority_id)
    agents: QuerySet[Agent] = Agent.objects.at_work().filter(
        heads | Q(service=service, grants__role__in=["LIA", "REF", "DIR"])
    )
    return (
        agents.select_related("presence")
        .prefetch_related("grants", "absences")
        .order_by("service_id", "pk")
        .distinct()
    )


def may_answer(agent: Agent, question: Question) -> bool:
    """May this colleague answer in the name of the service?"""
    if agent.authority_id != question.authority_id:
        return False
    if agent.may("departments.manage") or question.holder_id == agent.pk:
        return True
    if not agent.may("departments.answer"):
        return False
    return question.service_id in accounts.liaised_services(agent, timezone.localdate())


def colleagues_who_answer(question: Question) -> QuerySet[Agent]:
    """To whom a question may be passed: those who answer for services, the own service first."""
    agents: QuerySet[Agent] = Agent.objects.at_work().filter(
        authority_id=question.authority_id, grants__role__in=["LIA", "REF", "DIR"]
    )
    return (
        agents.select_related("entry", "service", "presence")
        .prefetch_related("absences")
        .order_by("service__name", "entry__last_name", "username")
        .distinct()
    )
