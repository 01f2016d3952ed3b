"""“We are late because…”: telling everyone who waits, or those of one topic, and taking it back."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.organisations.models import Site, Topic
from parvis.queue import claims
from parvis.queue.models import HallNotice, LateReason

NOTICE_LENGTH: Final = 200
LONGEST: Final = timedelta(days=7)


@transaction.atomic
def post_notice(
    site: Site,
    text: str = "",
    *,
    agent: Agent,
    now: datetime,
    topic: Topic | None = None,
    until: datetime | None = None,
    reason: str = "",
) -> HallNotice:
    """Tell those who wait why; what was said to the same people before is taken away."""
    text = one_line(text)
    _check(site, text, reason, topic)
    if until is not None and not now < until <= now + LONGEST:
        raise Refused(_("Choose an end between now and a week from now."), code="invalid")
    _end(HallNotice.objects.filter(site=site, topic=topic), now)
    notice = HallNotice.objects.create(
        site=site, topic=topic, reason=reason, text=text, agent=agent, at=now, until=until
    )
    topic_id = topic.pk if topic else None
    journal.record(agent, "queue.notice_posted", site, reason=reason, text=text, topic=topic_id)
    claims.bump_version(site.pk)
    return notice


@transaction.atomic
def end_notice(notice: HallNotice, *, agent: Agent, now: datetime) -> HallNotice:
    """Take a message away; it stays in the account of the hall."""
    if _end(HallNotice.objects.filter(pk=notice.pk), now):
        journal.record(agent, "queue.notice_ended", notice.site, notice=notice.pk)
        claims.bump_version(notice.site_id)
    notice.refresh_from_db(fields=["ended_at"])
    return notice


def _end(notices: QuerySet[HallNotice], now: datetime) -> int:
    shown = notices.filter(ended_at=None)
    return int(shown.filter(Q(until=None) | Q(until__gt=now)).update(ended_at=now))


def _check(site: Site, text: str, reason: str, topic: Topic | None) -> None:
    if not text and not reason:
        raise Refused(_("Say why, or choose one of the reasons."), code="empty")
    if reason not in LateReason.values and reason:
        raise Refused(_("This reason is not on the list."), code="invalid")
    if len(text) > NOTICE_LENGTH:
        raise Refused(
            _("The message has %(length)s characters; %(limit)s fit on the screens.")
            % {"length": len(text), "limit": NOTICE_LENGTH},
            code="too_long",
        )
    if topic is not None and not topic.desks.filter(site=site, is_active=True).exists():
        raise Refused(_("No desk here receives people for this topic."), code="wrong_topic")
