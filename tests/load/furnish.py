"""``python -m tests.load.furnish``: a small hall for load tests, told on standard output as JSON.

``--old 100000`` adds as many finished tickets of earlier days; ``--town`` makes it the hall of
the demo town with its five lines and eight desks.
"""

import argparse
import json
import os
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from parvis.accounts.actions import create_token  # noqa: E402
from parvis.organisations.models import Desk, Site, Topic  # noqa: E402
from parvis.queue.models import Ticket  # noqa: E402
from tests.accounts.factories import PASSWORD, AgentFactory  # noqa: E402
from tests.load.day import LINES, SERVED  # noqa: E402
from tests.organisations.factories import (  # noqa: E402
    SiteFactory,
    TopicFactory,
    TopicFamilyFactory,
)

DESKS = 32


def furnish(old: int, *, town: bool = False) -> dict[str, object]:
    site = SiteFactory()
    other = TopicFamilyFactory(authority=site.authority, slug="accueil", name="Accueil", series="A")
    topics = [
        TopicFactory(authority=site.authority),
        TopicFactory(authority=site.authority, slug="renseignement", family=other),
    ]
    desks = []
    for number in range(DESKS):
        desk = Desk.objects.create(site=site, name=f"Guichet {number + 1}", position=number)
        desk.topics.add(*topics)
        desks.append(desk)
    admin = AgentFactory(username="load.admin", roles=["ADM"], entry=None)
    secret = create_token(
        site.authority, name="load", role="MGR", actor=admin, now=timezone.now()
    ).secret
    if old:
        age(site, topics[0], desks[0], old)
    return {
        "token": secret,
        "agent": [AgentFactory(username="load.agent", entry=None).username, PASSWORD],
        "site": site.id,
        "slug": site.slug,
        "desks": [desk.id for desk in desks],
        "topics": [topic.id for topic in topics],
        **(town_hall(site) if town else {}),
    }


def town_hall(site: Site) -> dict[str, object]:
    """The lines of the demo town's hall and its eight desks, each with what it serves."""
    topics = {}
    for line in LINES:
        family = TopicFamilyFactory(
            authority=site.authority, slug=line.slug, name=line.slug, series=line.series
        )
        topics[line.slug] = TopicFactory(authority=site.authority, slug=line.slug, family=family)
    Desk.objects.filter(site=site).delete()
    desks = []
    for number, serves in enumerate(SERVED, start=1):
        desk = Desk.objects.create(site=site, name=f"Guichet {number}", position=number)
        desk.topics.add(*(topics[slug] for slug in serves))
        desks.append(desk.id)
    return {"desks": desks, "lines": {slug: topic.id for slug, topic in topics.items()}}


def age(site: object, topic: Topic, desk: Desk, count: int) -> None:
    """Finished tickets of the past months, as a long life leaves them."""
    start = timezone.now() - timedelta(days=400)
    batch = []
    for index in range(count):
        at = start + timedelta(minutes=5 * index % (390 * 24 * 60))
        batch.append(
            Ticket(
                site=site, topic=topic, day=at.date(), series="Z", number=index + 1,
                state="done", source="api", secret_hash=f"old-{index}", issued_at=at, rank_at=at,
                desk=desk, called_at=at, last_call_at=at, started_at=at, ended_at=at, calls=1,
            )
        )  # fmt: skip
    Ticket.objects.bulk_create(batch, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--old", type=int, default=0)
    parser.add_argument("--town", action="store_true")
    print(json.dumps(furnish(**vars(parser.parse_args()))))
