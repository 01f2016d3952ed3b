"""Who may be asked: agents of a service, agents who know a family of topics, desks taken."""

from django.db.models import QuerySet

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent, Skill
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


def _by_name(agents: QuerySet[Agent]) -> QuerySet[Agent]:
    return agents.select_related("entry", "service").order_by(
        "entry__last_name", "entry__first_name", "username"
    )
