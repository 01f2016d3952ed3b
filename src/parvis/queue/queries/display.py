"""What the screens of a hall show: one small object, the same for all of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import F

from parvis.organisations.models import Desk, Site, Topic, TopicFamily
from parvis.organisations.queries import opening_state
from parvis.queue import rules
from parvis.queue.models import HallVersion, Ticket
from parvis.queue.queries.hall import Hall, load_hall
from parvis.queue.queries.notices import notices_for
from parvis.queue.queries.waits import waits_by_topic

# More than any burst between two looks at the screen: no call is ever skipped.
CALLS_SHOWN = 10
CALLS_KEPT = timedelta(hours=2)
# Who gave the place back or did not come is not sent to a desk by a screen any more.
GONE = (Ticket.State.LEFT, Ticket.State.NO_SHOW)
NEXT_SHOWN = 4
WAITS_SHOWN = 8  # a screen that cannot hold them turns them over
OPENING_KEPT = 15  # seconds


def display_snapshot(
    site: Site, now: datetime, *, topics: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """The last calls, how many wait, who is next, and the message to everyone waiting.

    With topics, of these only: one display of several in a hall.
    """
    # The version is read before what it stands for: a snapshot may be newer than it says, which
    # the next wake-up repairs, but never older.
    version = hall_version(site)
    hall = load_hall(site, now)
    notices = list(notices_for(site, now, topics or None))
    line = [person for person in hall.line if not topics or person.topic_id in topics]
    return {
        "version": version,
        "calls": [_call(ticket) for ticket in _last_calls(site, now, topics)],
        "waiting": len(line),
        "message": " ".join(notice.sentence for notice in notices if notice.topic is None),
        "notices": [
            {"topic": notice.topic and notice.topic.label, "text": notice.sentence}
            for notice in notices
        ],
        "next": _next_codes(hall, line),
        "waits": _waits(hall, topics),
        "opening": _opening(site, now),
        "at": _rfc3339(now),
    }


def _last_calls(site: Site, now: datetime, topics: frozenset[int]) -> Iterable[Ticket]:
    calls = Ticket.objects.filter(
        site=site, last_call_at__gt=now - CALLS_KEPT, desk__isnull=False
    ).exclude(entered_at__gt=F("last_call_at"))  # called by voice during a breakdown
    calls = calls.exclude(state__in=GONE)
    if topics:
        calls = calls.filter(topic_id__in=topics)
    return calls.order_by("-last_call_at", "-id").select_related("desk")[:CALLS_SHOWN]


def _call(ticket: Ticket) -> dict[str, Any]:
    desk = ticket.desk
    return {
        "code": ticket.code,
        "desk": desk.name if desk else "",
        "desk_names": _names(desk) if desk else {},
        "called_at": _rfc3339(ticket.last_call_at),
        "awaited": ticket.state == Ticket.State.CALLED,
    }


def _names(row: Desk | TopicFamily) -> dict[str, str]:
    """A name in the other languages of the hall, as far as there is one."""
    names = {"en": row.name_en, **row.other_names}
    return {language: name for language, name in names.items() if name}


def _opening(site: Site, now: datetime) -> dict[str, Any]:
    # Hours change with no event of the hall: every quarter of a minute is often enough.
    key = f"queue:opening:{site.pk}:{int(now.timestamp() // OPENING_KEPT)}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        state = opening_state(site, now, "desk")
        known = {
            "open": state.open if state.confirmed else None,
            "until": _rfc3339(state.until) if state.open else None,
            "next": None if state.open else _rfc3339(state.next_opening),
        }
        cache.set(key, known, OPENING_KEPT)
    return known


def hall_version(site: Site) -> int:
    """How many changes the screens of a site have seen."""
    return versions_of([site.pk]).get(site.pk, 0)


def versions_of(site_ids: Collection[int]) -> dict[int, int]:
    """The versions of several halls at once."""
    halls = HallVersion.objects.filter(site_id__in=site_ids)
    return dict(halls.values_list("site_id", "number"))


def _next_codes(hall: Hall, line: Iterable[rules.Waiting]) -> list[str]:
    # Somebody kept for a desk, or whom no desk receives now, is not "next" for those who look.
    desks = hall.calling_desks
    able = [p.id for p in line if any(desk.serves(p) for desk in desks)]
    tickets = Ticket.objects.in_bulk(able[:NEXT_SHOWN])
    return [tickets[ticket_id].code for ticket_id in able[:NEXT_SHOWN] if ticket_id in tickets]


def _waits(hall: Hall, only: frozenset[int]) -> list[dict[str, Any]]:
    served = set().union(*(desk.topics for desk in hall.open_desks))
    served = served & only if only else served
    topics = Topic.objects.filter(pk__in=served, is_active=True).select_related("family")
    waits = waits_by_topic(hall, sorted(served))
    people = Counter(person.topic_id for person in hall.line)
    families: dict[str, list[rules.WaitRange]] = defaultdict(list)
    names: dict[str, dict[str, str]] = {}
    crowd: Counter[str] = Counter()
    for topic in topics.order_by("family__position", "family__name", "id"):
        wait = waits[topic.pk]
        if wait is not None:
            families[topic.family.name].append(wait)
            names[topic.family.name] = _names(topic.family)
            crowd[topic.family.name] += people[topic.pk]
    # The families that most people wait for.
    most = sorted(families, key=lambda name: -crowd[name])[:WAITS_SHOWN]
    return [
        {
            "name": name,
            "names": names[name],
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
