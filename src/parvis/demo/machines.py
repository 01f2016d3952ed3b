"""The machines of the demo halls: displays, the poster at the door, languages of visitors."""

from datetime import datetime

from parvis.accounts.models import Agent
from parvis.demo import seeds
from parvis.organisations.models import Authority, Site, Topic
from parvis.queue import actions as queue
from parvis.queue import queries
from parvis.queue.models import Poster, Screen

# What the second display of a hall is for, where its desks receive for these families.
_SECOND = (
    ("etat-civil", "État civil", ("etat-civil", "identite")),
    ("enfance", "Enfance et école", ("ecole", "petite-enfance")),
)
_LANGUAGES = ["fr", "en", "ar", "uk"]


def create(*, seed: int, now: datetime) -> None:
    """Set the machines up in every hall that receives people."""
    for authority in Authority.objects.order_by("pk"):
        manager = _manager(authority)
        if manager is None:
            continue
        for site in queries.halls_of(manager):
            _hall(site, manager, now)
            # Printed by the house from chance; here the seed says what hangs at the door.
            secret = seeds.secret(seed, "poster", site.slug)[:16]
            Poster.objects.filter(site=site).update(secret=secret)


def _hall(site: Site, manager: Agent, now: datetime) -> None:
    queue.decide_hall_rules(site, agent=manager, languages=_LANGUAGES)
    whole = Screen(site=site, slug=queries.MAIN_SCREEN, name="Hall", languages=["fr", "en"])
    queue.keep_screen(whole, topics=[], agent=manager)
    for slug, name, families in _SECOND:
        topics = list(_topics(site, families))
        if topics:
            part = Screen(site=site, slug=slug, name=name, languages=["fr", "ar", "uk"])
            queue.keep_screen(part, topics=topics, agent=manager)
    queue.renew_poster(site, agent=manager, now=now)


def _manager(authority: Authority) -> Agent | None:
    agents = Agent.objects.filter(authority=authority, is_active=True, is_robot=False)
    found: Agent | None = agents.filter(grants__role__in=["MGR", "ADM"]).order_by("pk").first()
    return found


def _topics(site: Site, families: tuple[str, ...]) -> list[Topic]:
    topics = Topic.objects.filter(desks__site=site, family__slug__in=families, is_active=True)
    return list(topics.distinct().order_by("pk"))
