"""What colleagues of a hall tell each other: today's notes, and the messages of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from parvis.accounts.models import Agent
from parvis.common.clock import local_day
from parvis.organisations.models import Site
from parvis.queue.models import DayNote, HallMessage, HallMessageSeen
from parvis.queue.queries.hall import open_desks, session_of

TALK_KEPT = timedelta(days=1)
TALK_SHOWN = 30


@dataclass(frozen=True)
class Talk:
    """The last messages as one colleague reads them, oldest first."""

    messages: Sequence[HallMessage]
    unread: int
    last_read: int


def notes_of_today(site: Site, now: datetime) -> QuerySet[DayNote]:
    """What colleagues of the hall must know today, latest first."""
    today = local_day(now, ZoneInfo(site.timezone))
    standing = DayNote.objects.filter(site=site, ended_at=None)
    return standing.filter(first_day__lte=today, last_day__gte=today).select_related("agent__entry")


def notes_to_come(site: Site, now: datetime) -> QuerySet[DayNote]:
    """Notes written ahead, the nearest day first."""
    today = local_day(now, ZoneInfo(site.timezone))
    coming = DayNote.objects.filter(site=site, ended_at=None, first_day__gt=today)
    return coming.select_related("agent__entry").order_by("first_day", "pk")


def may_write_notes(agent: Agent, site: Site) -> bool:
    """Those who manage the halls, and whoever works in this one."""
    if agent.authority_id != site.authority_id:
        return False
    if agent.may("queue.manage") or agent.site_id == site.pk:
        return True
    session = session_of(agent)
    return session is not None and session.desk.site_id == site.pk


def talk_for(site: Site, agent: Agent, now: datetime) -> QuerySet[HallMessage]:
    """What one colleague may read: said to everybody, to them, or by them, within a day."""
    said = HallMessage.objects.filter(site=site, at__gt=now - TALK_KEPT)
    return said.filter(Q(to=None) | Q(to=agent) | Q(author=agent))


def talk_of(site: Site, agent: Agent, now: datetime) -> Talk:
    """The conversation of the hall as this colleague sees it: two queries."""
    seen = HallMessageSeen.objects.filter(site=site, agent=agent)
    last_read = seen.values_list("message_id", flat=True).first() or 0
    rows = talk_for(site, agent, now).select_related("author__entry", "to__entry")
    latest = list(rows.order_by("-pk")[:TALK_SHOWN])
    unread = sum(1 for one in latest if one.pk > last_read and one.author_id != agent.pk)
    return Talk(latest[::-1], unread, last_read)


def colleagues_here(site: Site, agent: Agent) -> list[Agent]:
    """Who sits in the hall now, without the one who asks."""
    return [one.agent for one in open_desks(site) if one.agent_id != agent.pk]
