"""The house at this moment, as the choice of a way to a person needs it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from parvis.assistant.models import Duty, Handover
from parvis.assistant.rules import handing
from parvis.cases.rules import doors
from parvis.common.calendar import Territory, WorkingCalendar
from parvis.organisations import queries as organisations
from parvis.organisations.models import Authority, Topic
from parvis.organisations.rules import HoursChannel, OpenState, state_at

STILL_THERE = timedelta(minutes=3)  # after the last sign of the page of an agent on duty
ENOUGH = 5  # conversations, before their median says anything
LATELY = 30
LONGEST = timedelta(hours=1)
SERVED = (HoursChannel.PHONE, HoursChannel.DESK)


def house_now(
    authority: Authority,
    now: datetime,
    *,
    before: Handover | None = None,
    takes_appointments: bool = False,
) -> handing.House:
    """Who is there and who waits; ``before`` is the hand-over whose place is asked."""
    line = line_of(authority)
    if before is not None:
        line = line.exclude(pk=before.pk).filter(asked_at__lte=before.asked_at)
    return handing.House(
        closes_at=closes_at(authority, now),
        held=tuple(_held(authority, now)),
        waiting=line.count(),
        usual=_usual(authority),
        calls_by=next((one.until for one in moments(authority, now)), None),
        takes_appointments=takes_appointments,
        takes_messages=topics(authority).exists(),
    )


def line_of(authority: Authority) -> QuerySet[Handover]:
    """Who waits for a live conversation, the first to have asked first."""
    return Handover.objects.filter(
        conversation__authority=authority, way=Handover.Way.CHAT, state=Handover.State.WAITING
    ).order_by("asked_at", "id")


def closes_at(authority: Authority, now: datetime) -> datetime | None:
    """When the last counter or telephone closes today; None while all are closed."""
    return max((s.until for s in _states(authority, now) if s.open and s.until), default=None)


def opens_at(authority: Authority, now: datetime) -> datetime | None:
    """When somebody answers next, as far as hours are declared."""
    coming = (s.next_opening for s in _states(authority, now) if s.confirmed and s.next_opening)
    return min(coming, default=None)


def topics(authority: Authority) -> QuerySet[Topic]:
    """What a message may be about."""
    rows = Topic.objects.filter(authority=authority, is_active=True)
    return rows.select_related("family", "service").order_by("family__position", "name")


def moments(authority: Authority, now: datetime) -> list[doors.Moment]:
    """When a call may be promised."""
    calendar = WorkingCalendar(Territory(authority.territory))
    return doors.moments(now, zone=ZoneInfo(settings.TIME_ZONE), calendar=calendar)


def on_duty(authority: Authority, now: datetime) -> QuerySet[Duty]:
    """The agents who take conversations and whose page is open."""
    rows = Duty.objects.filter(authority=authority, seen_at__gte=now - STILL_THERE)
    return rows.filter(agent__is_active=True).select_related("agent__entry")


def _states(authority: Authority, now: datetime) -> Iterable[OpenState]:
    for schedule in organisations.schedules_of(organisations.sites_of(authority)).values():
        for channel in SERVED:
            if any(season.channel is channel for season in schedule.seasons):
                yield state_at(schedule, channel, now)


def _held(authority: Authority, now: datetime) -> list[int]:
    agents = list(on_duty(authority, now).values_list("agent_id", flat=True))
    taken = Handover.objects.filter(taken_by__in=agents, state=Handover.State.TAKEN)
    counts = Counter(taken.values_list("taken_by_id", flat=True))
    return [counts[agent] for agent in agents]


def _usual(authority: Authority) -> timedelta:
    ended = Handover.objects.filter(
        conversation__authority=authority,
        way=Handover.Way.CHAT,
        state=Handover.State.ENDED,
        taken_at__isnull=False,
    ).order_by("-ended_at")
    seconds = [
        min(LONGEST, end - start).total_seconds()
        for start, end in ended.values_list("taken_at", "ended_at")[:LATELY]
        if start and end
    ]
    if len(seconds) < ENOUGH:
        return handing.USUAL
    return max(timedelta(minutes=1), timedelta(seconds=median(seconds)))
