"""``python -m bench.fill TICKETS DESKS``: a long line and as many fresh desks as calls."""

import os
import secrets
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
django.setup()

from django.db.models import Max  # noqa: E402
from django.utils import timezone  # noqa: E402
from tests.organisations.factories import SiteFactory  # noqa: E402

from parvis.organisations.models import Desk, Topic  # noqa: E402
from parvis.queue.models import HallVersion, Ticket  # noqa: E402


def fill(tickets: int, desks: int) -> int:
    """Make the rows; returns the id of the first new desk, the others follow it."""
    site = SiteFactory()
    HallVersion.objects.get_or_create(site=site)  # so that every side has a row to count up
    topics = list(Topic.objects.all())
    mark = secrets.token_hex(4)
    made = Desk.objects.bulk_create(
        [Desk(site=site, name=f"{mark} {number}") for number in range(desks)], batch_size=1000
    )
    link = Desk.topics.through
    link.objects.bulk_create(
        [link(desk=desk, topic=topic) for desk in made for topic in topics], batch_size=1000
    )
    now = timezone.now()
    highest = Ticket.objects.aggregate(highest=Max("number"))["highest"] or 0
    Ticket.objects.bulk_create(
        [
            Ticket(
                site=site, topic=topics[number % len(topics)], day=now.date(), series="Y",
                number=highest + number + 1, source="api", secret_hash=f"{mark}{number}",
                issued_at=now - timedelta(seconds=tickets - number),
                rank_at=now - timedelta(seconds=(tickets - number) / 10),
            )
            for number in range(tickets)
        ],
        batch_size=500,
    )  # fmt: skip
    return int(min(desk.pk for desk in made))


if __name__ == "__main__":
    print(fill(int(sys.argv[1]), int(sys.argv[2])))
