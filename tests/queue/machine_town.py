"""The town of the machine: two halls in two time zones, three desks, skills and agendas."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.core.cache import cache

from parvis.accounts.actions import create_token
from parvis.accounts.models import Agent, Skill
from parvis.appointments.models import AgendaTopic
from parvis.organisations.models import Desk, Site, Topic
from tests.accounts.factories import AgentFactory
from tests.appointments.factories import agenda_for
from tests.organisations.factories import AuthorityFactory, TopicFactory
from tests.queue.declared import Line, Window
from tests.queue.factories import canteen, desk_of, town_hall

# An ordinary morning, both nights on which clocks change, and midnights of both sites.
STARTS = [
    datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 40, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 40, tzinfo=UTC),
    datetime(2026, 11, 24, 22, 50, tzinfo=UTC),
    datetime(2026, 11, 24, 19, 50, tzinfo=UTC),
]
FAIRNESS, LATE = timedelta(minutes=20), timedelta(minutes=10)  # as the halls declare them


@dataclass
class Town:
    """The rows that every example starts from."""

    token: str
    robot: Agent
    sites: list[Site]
    desks: list[Desk]
    agents: list[Agent]  # one for each desk
    topics: list[Topic]
    skilled: Topic
    agendas: list[AgendaTopic]  # of each site, and a colleague's own

    @property
    def here(self) -> dict[int, list[Desk]]:
        """The desks of each site."""
        return {site.pk: [d for d in self.desks if d.site_id == site.pk] for site in self.sites}

    def line(self) -> Line:
        """The declared order in this town, with nobody in it yet."""
        windows = {
            desk.pk: Window(desk.site_id, frozenset(desk.topics.values_list("pk", flat=True)))
            for desk in self.desks
        }
        able = {(agent.pk, self.skilled.pk) for agent in (self.agents[1], self.robot)}
        return Line(windows, able, {self.skilled.pk}, FAIRNESS, LATE)


def build() -> Town:
    """Two sites: two desks in Paris time, one on Réunion; one topic needs a skill."""
    cache.clear()
    authority = AuthorityFactory.create()
    sites = [town_hall(), town_hall(slug="saint-denis", timezone="Indian/Reunion")]
    birth = TopicFactory.create(authority=authority)
    school = canteen(sites[0])
    secret = TopicFactory.create(
        authority=authority, slug="pacs", name="Pacs", family=school.family, needs_skill=True
    )
    desks = [
        desk_of(sites[0], "Guichet 1", [birth, school]),
        desk_of(sites[0], "Guichet 2", [school, secret]),
        desk_of(sites[1], "Guichet 1", [birth, school, secret]),
    ]
    agents = [AgentFactory.create(username=f"agent.{n}", entry=None) for n in range(3)]
    admin = AgentFactory.create(username="admin", roles=["ADM"], entry=None)
    made = create_token(authority, actor=admin, now=STARTS[0], name="machine", role="MGR")
    robot = Agent.objects.get(is_robot=True)
    for able in (agents[1], robot):
        Skill.objects.create(
            agent=able, family=school.family, level=2, validated_on=STARTS[0].date()
        )
    return Town(
        str(made.secret),
        robot,
        sites,
        desks,
        agents,
        [birth, school, secret],
        secret,
        _agendas(sites, [birth, school], agents[0]),
    )


def _agendas(sites: list[Site], topics: list[Topic], colleague: Agent) -> list[AgendaTopic]:
    """Two people at once by day and by night; who books with the colleague is kept for them."""
    for site in sites:
        site.seasons.all().delete()  # a hall that declares no hours: the rota alone decides
    usual = {"seats": 2, "minutes": 10, "weekdays": range(7), "hours": (time(0), time(23, 59))}
    return [
        *[
            agenda_for(site, topic, name=f"{site.slug} {topic.slug}", notice_minutes=0, **usual)
            for site in sites
            for topic in topics
        ],
        agenda_for(
            sites[0], topics[1], name="colleague", agent=colleague, notice_minutes=0, **usual
        ),
    ]
