"""What the screens of a hall show: one small object, the same for all of them."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from parvis.organisations.models import Site, Topic
from parvis.queue import rules
from parvis.queue.models import HallVersion, Ticket
from parvis.queue.queries.hall import Hall, load_hall
from parvis.queue.queries.notices import notices_for
from parvis.queue.queries.waits import waits_by_topic

# More than any burst between two looks at the screen: no call is ever skipped.
CALLS_SHOWN = 10
CALLS_KEPT = timedelta(hours=2)
NEXT_SHOWN = 4
WAITS_SHOWN = 3


def display_snapshot(site: Site, now: datetime) -> dict[str, Any]:
    """The last calls, how many wait, who is next, and the message to everyone waiting."""
    # The version is read before what it stands for: a snapshot may be newer than it says, which
    # the next wake-up repairs, but never older.
    version = hall_version(site)
    calls = Ticket.objects.filter(
        site=site, last_call_at__gt=now - CALLS_KEPT, desk__isnull=False
    ).order_by("-last_call_at", "-id")
    hall = load_hall(site, now)
    notices = list(notices_for(site, now))
    return {
        "version": version,
        "calls": [
            {
                "code": ticket.code,
                "desk": ticket.desk.name if ticket.desk else "",
                "called_at": _rfc3339(ticket.last_call_at),
            }
            for ticket in calls.select_related("desk")[:CALLS_SHOWN]
        ],
        "waiting": len(hall.line),
        "message": " ".join(notice.sentence for notice in notices if notice.topic is None),
        "notices": [
            {"topic": notice.topic and notice.topic.label, "text": notice.sentence}
            for notice in notices
        ],
        "next": _next_codes(hall),
        "waits": _waits(hall),
        "at": _rfc3339(now),
    }


def hall_version(site: Site) -> int:
    """How many changes the screens of a site have seen."""
    return versions_of([site.pk]).get(site.pk, 0)


def versions_of(site_ids: Collection[int]) -> dict[int, int]:
    """The versions of several halls at once."""
    halls = HallVersion.objects.filter(site_id__in=site_ids)
    return dict(halls.values_list("site_id", "number"))


def _next_codes(hall: Hall) -> list[str]:
    # Somebody kept for a desk, or whom no desk receives now, is not "next" for those who look.
    desks = hall.calling_desks
    able = [p.id for p in hall.line if any(desk.serves(p) for desk in desks)]
    tickets = Ticket.objects.in_bulk(able[:NEXT_SHOWN])
    return [tickets[ticket_id].code for ticket_id in able[:NEXT_SHOWN] if ticket_id in tickets]


def _waits(hall: Hall) -> list[dict[str, Any]]:
    served = set().union(*(desk.topics for desk in hall.open_desks))
    topics = Topic.objects.filter(pk__in=served, is_active=True).select_related("family")
    waits = waits_by_topic(hall, sorted(served))
    people = Counter(person.topic_id for person in hall.line)
    families: dict[str, list[rules.WaitRange]] = defaultdict(list)
    crowd: Counter[str] = Counter()
    for topic in topics.order_by("family__position", "family__name", "id"):
        wait = waits[topic.pk]
        if wait is not None:
            families[topic.family.name].append(wait)
            crowd[topic.family.name] += people[topic.pk]
    # The families that most people wait for: a screen read at eight metres holds a few lines.
    most = sorted(families, key=lambda name: -crowd[name])[:WAITS_SHOWN]
    return [
        {
            "name": name,
            "low_minutes": min(wait.low_minutes for wait in families[name]),
            "high_minutes": max(wait.high_minutes for wait in families[name]),
        }
        for name in families
        if name in most
    ]


def _rfc3339(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
