"""The manager's day: how the last one went, what cannot wait, and the halls as they are now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from parvis.cases import rules as case_rules
from parvis.cases.models import Case, CaseEntry
from parvis.common.access import Actor
from parvis.common.calendar import Territory, WorkingCalendar
from parvis.common.clock import ONE_DAY, elapsed_seconds, instant_of
from parvis.knowledge.models import Sheet
from parvis.quality.queries import contacts, legs
from parvis.quality.queries.perimeter import Frame
from parvis.quality.rules.charts import HourChart, Waits, hour_chart
from parvis.quality.rules.periods import Days, waited_longer_than
from parvis.quality.rules.waiting import waits_by_hour
from parvis.queue import rules as queue_rules
from parvis.queue.models import DeskSession, Ticket

UNREAD_AFTER_DAYS = 2
NAMED = 20


def last_day(frame: Frame, now: datetime) -> date:
    """The last day before today on which somebody took a ticket; else yesterday."""
    today = frame.today(now)
    before = Ticket.objects.filter(site__in=frame.site_ids, day__lt=today)
    found: date | None = before.aggregate(last=Max("day"))["last"]
    return found or today - ONE_DAY


def periods(frame: Frame, day: date) -> dict[str, Days]:
    """What each of the three figures is about on a day: a day, four weeks, thirty days."""
    # Nobody knows before the window has passed whether a contact stays without a repeat.
    known = day - timedelta(days=14)
    return {
        "WAIT-TARGET": Days(day, day),
        "FCR-N": Days(known - timedelta(days=27), known),
        "CSAT": Days(day - timedelta(days=29), day),
    }


def channels(frame: Frame, day: date) -> dict[str, int]:
    """How many exchanges a day had, by channel."""
    rows = contacts.contacts_of(frame, day, day).order_by().values("channel")
    return {row["channel"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def hours(frame: Frame, day: date) -> HourChart | None:
    """How long people waited, by the hour at which they came; None when nobody came."""
    cells = waits_by_hour(legs.flat(legs.stays(frame, day, day)), frame.zone)
    if not cells:
        return None
    known = {cell.hour: cell for cell in cells}
    filled = [
        Waits(hour, known[hour].people, known[hour].p50, known[hour].p90)
        if hour in known
        else Waits(hour, 0, None, None)
        for hour in range(min(known), max(known) + 1)
    ]
    return hour_chart(filled, frame.goal_minutes(day))


@dataclass(frozen=True)
class HallNow:
    """One hall at this minute."""

    site: str
    waiting: int
    longest_minutes: int | None
    is_late: bool
    desks_open: int
    desks_paused: int


def halls(frame: Frame, now: datetime) -> list[HallNow]:
    """The halls of the perimeter as they are: two queries, however many halls."""
    line = Ticket.objects.filter(
        site__in=frame.site_ids, state=queue_rules.WAITING, rank_at__gt=now - queue_rules.HALL_DAY
    )
    waiting = {
        row["site"]: (row["n"], row["first"])
        for row in line.order_by().values("site").annotate(n=Count("pk"), first=Min("issued_at"))
    }
    sitting = DeskSession.objects.filter(desk__site__in=frame.site_ids, closed_at=None)
    desks = Counter(sitting.values_list("desk__site", "status"))
    found = []
    for pk in frame.site_ids:
        site = frame.sites[pk]
        if not site.is_active:
            continue
        people, first = waiting.get(pk, (0, None))
        longest = None if first is None else max(0.0, elapsed_seconds(first, now))
        found.append(
            HallNow(
                site=site.label,
                waiting=people,
                longest_minutes=None if longest is None else int(longest // 60),
                is_late=longest is not None and longest > site.target_on(frame.today(now)),
                desks_open=desks[pk, DeskSession.Status.OPEN],
                desks_paused=desks[pk, DeskSession.Status.PAUSE],
            )
        )
    return sorted(found, key=lambda hall: hall.site)


@dataclass(frozen=True)
class RedItem:
    """Something that must be mended today: how much of it, and in which services."""

    kind: str
    count: int
    services: tuple[str, ...]
    is_own: bool = False  # all of it in the reader's own service
    cases: tuple[Case, ...] = ()
    sheets: tuple[Sheet, ...] = ()


def red_items(frame: Frame, actor: Actor, now: datetime) -> list[RedItem]:
    """What exists today and should not; counted for the house, named only to who may read it."""
    today = frame.today(now)
    authority = frame.perimeter.authority
    running = Case.objects.filter(authority=authority, state__in=case_rules.RUNNING)
    found = [
        _cases("unfollowed", running.filter(referent=None), actor),
        _cases("overdue", running.filter(due_on__lt=today), actor),
        _cases("unread", _unread(frame, today), actor),
        _sheets(frame, actor, today),
    ]
    return [item for item in found if item.count]


def _unread(frame: Frame, today: date) -> QuerySet[Case]:
    authority = frame.perimeter.authority
    working = WorkingCalendar(Territory(authority.territory))
    day = waited_longer_than(today, UNREAD_AFTER_DAYS, working)
    limit = instant_of(day + ONE_DAY, time.min, frame.zone)
    written = Q(entries__kind=CaseEntry.Kind.MESSAGE_IN)
    unread = Case.objects.filter(authority=authority, unread_by_service=True)
    return unread.annotate(last_message=Max("entries__at", filter=written)).filter(
        last_message__lt=limit
    )


def _cases(kind: str, cases: QuerySet[Case], actor: Actor) -> RedItem:
    # What a sensitive service has late is its own to see: neither named nor counted elsewhere.
    seen = cases.filter(
        Q(service__is_sensitive=False) | Q(service_id=getattr(actor, "service_id", None))
    )
    numbers = list(seen.order_by().values_list("pk", "service_id", "service__name"))
    services = Counter(service for _pk, _id, service in numbers)
    own = {service for _pk, service, _name in numbers} == {getattr(actor, "service_id", None)}
    named: Iterable[Case] = ()
    if numbers and actor.may("cases.read"):
        readable = Case.objects.visible_to(actor).filter(pk__in=[pk for pk, *_service in numbers])
        named = readable.order_by("last_activity_at", "pk")[:NAMED]
    return RedItem(kind, len(numbers), _most(services), own, cases=tuple(named))


def _sheets(frame: Frame, actor: Actor, today: date) -> RedItem:
    due = Sheet.objects.filter(
        authority=frame.perimeter.authority,
        state=Sheet.State.PUBLISHED,
        review_due_on__lt=today,
    ).order_by()
    services = Counter(due.values_list("service__name", flat=True))
    named: Iterable[Sheet] = ()
    if services and actor.may("knowledge.read"):
        named = due.order_by("review_due_on", "pk")[:NAMED]
    return RedItem("stale", services.total(), _most(services), sheets=tuple(named))


def _most(services: Counter[str]) -> tuple[str, ...]:
    return tuple(name for name, _count in services.most_common(4) if name)
