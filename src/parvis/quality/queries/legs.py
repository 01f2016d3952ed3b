"""Waits and services as the events of tickets tell them: three queries, however many tickets."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from parvis.quality.queries.perimeter import Frame
from parvis.quality.rules import story
from parvis.quality.rules.legs import Leg
from parvis.queue.models import Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class Stay:
    """One ticket of the perimeter with its legs."""

    ticket: int
    site: int
    day: date
    legs: tuple[Leg, ...]


def stays(frame: Frame, first: date, last: date) -> list[Stay]:
    """The tickets of some local days of the perimeter, with their legs."""
    if not frame.perimeter.has_tickets:
        return []
    tickets = tickets_of(frame, first, last)
    return stays_of(frame, tickets)


def tickets_of(frame: Frame, first: date, last: date) -> QuerySet[Ticket]:
    """The tickets that may belong to the perimeter; a transferred one shows its last topic."""
    days = Ticket.objects.filter(site__in=frame.site_ids, day__gte=first, day__lte=last)
    wanted = frame.topic_ids
    if wanted is None:
        return days
    return days.filter(Q(topic__in=wanted) | Q(transfers__gt=0))


def stays_of(frame: Frame, tickets: QuerySet[Ticket]) -> list[Stay]:
    """The legs of the given tickets, without those taken for a topic that is not asked for."""
    events: dict[int, list[story.Event]] = defaultdict(list)
    # Neither objects nor their JSON are made: a year of a town is half a million rows.
    told = TicketEvent.objects.filter(ticket__in=_within(tickets)).order_by()
    for ticket, event, at, kind in told.values_list("ticket_id", "id", "at", "kind"):
        events[ticket].append((event, at, kind))
    undone, passed = _told(told)
    wanted = frame.topic_ids
    found = []
    for ticket, site, topic, day in tickets.order_by("id").values_list(
        "id", "site_id", "topic_id", "day"
    ):
        known = story.Told(
            ticket, topic, frame.sites[site].target_on(day), undone[ticket], passed[ticket]
        )
        legs = story.legs_of(known, events.get(ticket, ()))
        if legs and (wanted is None or legs[0].topic in wanted):
            found.append(Stay(ticket, site, day, tuple(legs)))
    return found


def _within(tickets: QuerySet[Ticket]) -> QuerySet[Ticket, Any]:
    return tickets.order_by().values("pk")


def _told(
    events: QuerySet[TicketEvent],
) -> tuple[dict[int, set[int]], dict[int, dict[int, story.Passed]]]:
    """Which events were taken back, and from which topic to which a transfer went."""
    undone: dict[int, set[int]] = defaultdict(set)
    passed: dict[int, dict[int, story.Passed]] = defaultdict(dict)
    telling = events.filter(kind__in=[story.UNDONE, *sorted(story.PASSING)])
    for ticket, event, kind, data in telling.values_list("ticket_id", "id", "kind", "data"):
        if kind == story.UNDONE:
            undone[ticket].add(int(data["of"]))
            continue
        before = (data.get("before") or {}).get("topic_id")
        after = data.get("topic") or before
        if before and after:
            passed[ticket][event] = story.Passed(int(before), int(after))
    return undone, passed


def flat(found: Iterable[Stay]) -> list[Leg]:
    """All legs of some tickets."""
    return [leg for stay in found for leg in stay.legs]


def newest_event() -> int:
    """The id of the last event of any hall; asked to see later whether something was added."""
    return TicketEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def has_later(frame: Frame, first: date, last: date, event: int) -> bool:
    """Whether something happened since to the tickets of these days."""
    later = TicketEvent.objects.filter(
        id__gt=event,
        ticket__day__gte=first,
        ticket__day__lte=last,
        ticket__site__in=frame.site_ids,
    )
    return later.exists()
