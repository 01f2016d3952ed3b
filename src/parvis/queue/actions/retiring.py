"""What may not leave the settings while somebody in a hall depends on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.common.clock import local_day
from parvis.common.errors import Refused
from parvis.organisations.events import TakenOutOfUse
from parvis.organisations.models import Desk, Site
from parvis.queue import queries, rules
from parvis.queue.models import Ticket


def check_nobody_is_left(event: TakenOutOfUse) -> None:
    """Refuse to take a hall, a desk or a topic from people who wait or are received there."""
    if check := CHECKS.get(event.kind):
        check(event.row_id, event.at)


def _site(pk: int, now: datetime) -> None:
    site = Site.objects.get(pk=pk)
    here = _visits(now).filter(site=site)
    waiting, at_desks = _waiting(here).count(), _at_desks(here).count()
    desks = _desks_open(site, now)
    if waiting or at_desks:
        sentence = _(
            "“%(site)s” is still receiving: people waiting: %(waiting)s, at a desk: %(at_desks)s,"
            " desks open: %(desks)s. Receive them or end their wait, then close the desks."
        )
        words = {"site": site, "waiting": waiting, "at_desks": at_desks, "desks": desks}
        raise Refused(sentence % words)
    if desks:
        sentence = ngettext(
            "At “%(site)s” %(desks)s desk is still open: it is to be closed first.",
            "At “%(site)s” %(desks)s desks are still open: they are to be closed first.",
            desks,
        )
        raise Refused(sentence % {"site": site, "desks": desks})


def _desk(pk: int, now: datetime) -> None:
    desk = Desk.objects.select_related("site").get(pk=pk)
    session = queries.session_at(desk)
    if session is not None and _is_of_today(session.opened_at, desk.site, now):
        sentence = _("%(name)s receives at “%(desk)s”: the desk is to be closed first.")
        raise Refused(sentence % {"name": session.agent.display_name, "desk": desk})


def _topic(pk: int, now: datetime) -> None:
    planned = Q(legs__topic_id=pk, legs__ended_at=None)
    people = _visits(now).filter(planned | Q(topic_id=pk)).distinct()
    count = people.filter(state__in=[rules.WAITING, rules.HELD, *rules.AT_DESK]).count()
    if count:
        sentence = ngettext(
            "%(count)s person is still here for this topic: receive them first.",
            "%(count)s people are still here for this topic: receive them first.",
            count,
        )
        raise Refused(sentence % {"count": count})


CHECKS: Final[dict[str, Callable[[int, datetime], None]]] = {
    "site": _site,
    "desk": _desk,
    "topic": _topic,
}


def _visits(now: datetime) -> QuerySet[Ticket]:
    # What was forgotten on an earlier day holds nothing back.
    return Ticket.objects.filter(rank_at__gt=now - rules.HALL_DAY)


def _waiting(visits: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return visits.filter(state__in=[rules.WAITING, rules.HELD])


def _at_desks(visits: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return visits.filter(state__in=rules.AT_DESK)


def _desks_open(site: Site, now: datetime) -> int:
    sessions = queries.open_desks(site)
    return sum(_is_of_today(session.opened_at, site, now) for session in sessions)


def _is_of_today(opened_at: datetime, site: Site, now: datetime) -> bool:
    zone = ZoneInfo(site.timezone)
    return local_day(opened_at, zone) >= local_day(now, zone)
