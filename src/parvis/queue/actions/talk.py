"""Words between colleagues of a hall: notes of the day, and messages that live for one day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.clock import local_day
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge import queries as knowledge
from parvis.law.events import ArticleChanged
from parvis.organisations.models import Site
from parvis.queue import claims, queries
from parvis.queue.models import DayNote, HallMessage, HallMessageSeen

LONGEST = 300
AHEAD = timedelta(days=366)


@transaction.atomic
def write_note(
    site: Site,
    text: str,
    *,
    agent: Agent,
    now: datetime,
    first_day: date | None = None,
    last_day: date | None = None,
) -> DayNote:
    """Tell the colleagues of a hall what they must know, today or from one day to another."""
    _check_writes_here(agent, site)
    today = local_day(now, ZoneInfo(site.timezone))
    first = first_day or today
    last = last_day or first
    if last < max(first, today):
        raise Refused(_("The note ends before it begins, or in the past."), code="invalid")
    if last > today + AHEAD:
        raise Refused(_("A note lasts a year at most."), code="invalid")
    note = DayNote.objects.create(
        site=site, text=_words(text), first_day=first, last_day=last, agent=agent, at=now
    )
    journal.record(agent, "queue.note_written", note, text=note.text)
    claims.bump_version(site.pk)
    return note


@transaction.atomic
def tell_that_law_changed(change: ArticleChanged) -> list[DayNote]:
    """Put on every desk, today and tomorrow, that an article which sheets rest on has changed."""
    count = knowledge.count_citing(change.article_id)
    if not count:
        return []
    with translation.override(settings.LANGUAGE_CODE):  # a note is read by everybody as it stands
        text = _law_words(change, count)
    notes = []
    for site in Site.objects.filter(authority_id=change.authority_id, is_active=True):
        today = local_day(change.at, ZoneInfo(site.timezone))
        note = DayNote.objects.create(
            site=site,
            text=text[:LONGEST],
            first_day=today,
            last_day=today + timedelta(days=1),
            agent_id=change.agent_id,
            at=change.at,
        )
        notes.append(note)
        claims.bump_version(site.pk)
    return notes


def _law_words(change: ArticleChanged, count: int) -> str:
    if change.is_repealed:
        words = ngettext(
            "%(label)s is no longer in force: %(count)s sheet to check.",
            "%(label)s is no longer in force: %(count)s sheets to check.",
            count,
        )
    else:
        words = ngettext(
            "%(label)s has changed: %(count)s sheet to check.",
            "%(label)s has changed: %(count)s sheets to check.",
            count,
        )
    return words % {"label": change.label, "count": count}


@transaction.atomic
def end_note(note: DayNote, *, agent: Agent, now: datetime) -> DayNote:
    """The note is no longer true: it disappears from every desk."""
    _check_writes_here(agent, note.site)
    if DayNote.objects.filter(pk=note.pk, ended_at=None).update(ended_at=now):
        note.ended_at = now
        journal.record(agent, "queue.note_ended", note)
        claims.bump_version(note.site_id)
    return note


@transaction.atomic
def say(
    site: Site, text: str, *, agent: Agent, now: datetime, to: Agent | None = None
) -> HallMessage:
    """A word to the colleagues of a hall, or to one of them."""
    if agent.authority_id != site.authority_id:
        raise Refused(_("This hall belongs to another authority."), code="foreign")
    if to is not None and (to.authority_id != site.authority_id or not to.is_active):
        raise Refused(_("This colleague does not work here."), code="invalid")
    message = HallMessage.objects.create(site=site, author=agent, to=to, text=_words(text), at=now)
    _read_until(site, agent, message.pk)
    claims.bump_version(site.pk)
    return message


@transaction.atomic
def mark_read(site: Site, *, agent: Agent, now: datetime) -> None:
    """The colleague has read what the hall said so far."""
    latest = queries.talk_for(site, agent, now).aggregate(last=Max("pk"))["last"]
    if latest is not None:
        _read_until(site, agent, latest)


@transaction.atomic
def forget_talk(*, now: datetime) -> int:
    """Delete what colleagues said more than a day ago; returns how many messages."""
    return HallMessage.objects.filter(at__lt=now - queries.TALK_KEPT).delete()[0]


def _read_until(site: Site, agent: Agent, message_id: int) -> None:
    seen, _made = HallMessageSeen.objects.get_or_create(site=site, agent=agent)
    if seen.message_id < message_id:
        seen.message_id = message_id
        seen.save(update_fields=["message_id"])


def _check_writes_here(agent: Agent, site: Site) -> None:
    if not queries.may_write_notes(agent, site):
        raise Refused(
            _("Notes are written by those who work in this hall, and by its manager."),
            code="not_here",
        )


def _words(text: str) -> str:
    # PostgreSQL refuses NUL, SQLite would keep it.
    words = one_line(text)
    if not words:
        raise Refused(_("Write a few words first."), code="empty")
    if len(words) > LONGEST:
        sentence = _("This has %(length)s characters; %(limit)s fit.")
        raise Refused(sentence % {"length": len(words), "limit": LONGEST}, code="too_long")
    return words
