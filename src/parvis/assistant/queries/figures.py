"""Figures of the assistant beyond its conversations: hand-overs that happened, calls by week."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from parvis.assistant.models import Conversation, Handover
from parvis.assistant.queries.reviewing import bounds
from parvis.assistant.rules.figures import Share
from parvis.assistant.rules.series import Series, interrupted
from parvis.common.access import Actor
from parvis.contacts.models import Channel, Contact

WEEK = timedelta(days=7)
MOST_WEEKS = 104  # on either side
WRITTEN = ("callback", "appointment", "message")


@dataclass(frozen=True)
class Week:
    """The calls of one week, as they were and as they were expected."""

    first: date
    calls: int
    is_after: bool
    fitted: float | None = None
    without: float | None = None


@dataclass(frozen=True)
class Calls:
    """The calls before and after the day on which the assistant opened."""

    opened_on: date | None
    weeks: list[Week]
    series: Series


def handed_over(actor: Actor, first: date) -> Share:
    """Of those who asked for a person in a month, how many reached one or were written down."""
    start, end = bounds(first)
    rows = Handover.objects.visible_to(actor).filter(asked_at__gte=start, asked_at__lt=end)
    rows = rows.exclude(way=Handover.Way.CLOSED).exclude(state=Handover.State.WAITING)
    reached = Q(taken_at__isnull=False) | Q(way__in=WRITTEN, state="ended")
    found = rows.order_by().aggregate(all=Count("pk"), reached=Count("pk", filter=reached))
    return Share(found["reached"], found["all"])


def calls(actor: Actor, *, now: datetime) -> Calls:
    """Telephone contacts by whole week; that of the opening and the present one are left out."""
    opened = Conversation.objects.visible_to(actor).aggregate(at=Min("started_at"))["at"]
    logged = Contact.objects.standing().filter(
        authority_id=actor.authority_id, channel=Channel.PHONE
    )
    counted = dict(
        logged.annotate(week=TruncWeek("started_at"))
        .order_by("week")
        .values_list("week")
        .annotate(calls=Count("pk"))
    )
    by_week = {timezone.localtime(week).date(): count for week, count in counted.items()}
    if opened is None or not by_week:
        return Calls(timezone.localdate(opened) if opened else None, [], interrupted([], []))
    opening = _monday(timezone.localdate(opened))
    this = _monday(timezone.localdate(now))
    first = max(min(by_week) + WEEK, opening - MOST_WEEKS * WEEK)  # the log began within a week
    last = min(this, opening + (MOST_WEEKS + 1) * WEEK)
    before = _weeks(by_week, first, opening)
    after = _weeks(by_week, opening + WEEK, last)
    series = interrupted([one[1] for one in before], [one[1] for one in after])
    nothing: list[float | None] = [None] * (len(before) + len(after))
    fitted, without = series.fitted or nothing, series.without or nothing
    weeks = [
        Week(monday, count, monday > opening, fit, other)
        for (monday, count), fit, other in zip([*before, *after], fitted, without, strict=True)
    ]
    return Calls(timezone.localdate(opened), weeks, series)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(by_week: dict[date, int], first: date, end: date) -> list[tuple[date, int]]:
    count = max(0, (end - first).days // 7)
    return [(first + n * WEEK, by_week.get(first + n * WEEK, 0)) for n in range(count)]
