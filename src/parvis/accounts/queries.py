"""Who may be asked: agents of a service, agents who know a family of topics, desks taken."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent, ApiToken, DeskChoice, Skill
from parvis.accounts.rules import LONGEST_SESSION
from parvis.common.codes import hash_secret
from parvis.organisations import queries as places
from parvis.organisations.models import Authority, Desk, Service, Site, TopicFamily

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
