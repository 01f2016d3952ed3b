"""Taking a ticket: a place in line, the next number of the day, and the legs of the visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import codes
from parvis.common.clock import local_day
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts.models import Need, Person
from parvis.organisations.models import Desk, Site, Topic
from parvis.organisations.queries import opening_state
from parvis.queue import claims, queries, rules
from parvis.queue.actions.moves import check_able, check_desk, check_topic, write_down
from parvis.queue.actions.paper import Slip, keep_slip
from parvis.queue.events import TicketIssued
from parvis.queue.models import Leg, Priority, Source, Ticket

NAME_LENGTH, NOTE_LENGTH = 80, 200


@dataclass(frozen=True)
class Issued:
    """A new ticket, and the secret of its page, which is nowhere else."""

    ticket: Ticket
    secret: str


@dataclass(frozen=True)
class Kept:
    """For whom and since when somebody is kept: an appointment, a desk, a colleague."""

    booked_at: datetime | None = None
    agent: Agent | None = None
    desk: Desk | None = None


def issue_ticket(
    site: Site,
    topic: Topic,
    *,
    now: datetime,
    source: str,
    actor: Agent | None = None,
    priority: str = "",
    name: str = "",
    language: str = "",
    person: Person | None = None,
    needs: Iterable[str] = (),
    topics: Iterable[Topic] = (),
    booked_at: datetime | None = None,
    reserved_agent: Agent | None = None,
    reserved_desk: Desk | None = None,
    device_hash: str = "",
    slip: Slip | None = None,
    by_desk: Desk | None = None,
) -> Issued:
    """Give somebody a place in line: the next number of the day, without a gap.

    ``topics`` come after; ``slip`` keeps its number and time; ``by_desk`` may take it back at once.
    """
    wait = queries.newcomer_wait(site, topic, now, priority=priority)  # before anything locks
    with transaction.atomic():
        issued = issue(
            site,
            [topic, *topics],
            kept=Kept(booked_at, reserved_agent, reserved_desk),
            now=now,
            actor=actor,
            slip=slip,
            by_desk=by_desk,
            priority=priority,
            source=source,
            name=name,
            language=language,
            person=person,
            needs=needs,
            device_hash=device_hash,
            wait=wait,
        )
        claims.bump_version(site.pk)
    return issued


def issue(
    site: Site,
    topics: list[Topic],
    *,
    kept: Kept,
    now: datetime,
    actor: Agent | None,
    slip: Slip | None = None,
    by_desk: Desk | None = None,
    **details: Any,
) -> Issued:
    """The same within another action, without telling the screens yet."""
    check_receives(site, now, actor=actor)
    for topic in topics:
        check_topic(site, topic)
    _check_topics(topics)
    _check_words(site=site, **{name: details[name] for name in _WORDS})
    _check_kept(site, topics[0], kept)
    arrival = min(now, slip.at) if slip else now
    secret = codes.new_secret()
    ticket = _ticket(site, topics[0], kept, arrival, **details)
    ticket.secret_hash = codes.hash_secret(secret)
    if slip is not None:
        keep_slip(ticket, slip, now=now)
    else:
        # From here to the commit the series is ours; everything slow came before.
        ticket.number = claims.next_number(site_id=site.pk, day=ticket.day, series=ticket.series)
        ticket.save(force_insert=True)
    Leg.objects.bulk_create(
        Leg(ticket=ticket, position=n, topic=one, waiting_since=arrival if n == 1 else None)
        for n, one in enumerate(topics, start=1)
    )
    source = details["source"]
    at_desk = by_desk.pk if by_desk else None
    write_down(ticket, rules.ISSUED, at=arrival, agent=actor, by_desk=at_desk, source=source)
    emit(TicketIssued(ticket.pk, site.authority_id, site.pk, topics[0].pk, source, arrival))
    return Issued(ticket, secret)


def _ticket(
    site: Site,
    topic: Topic,
    kept: Kept,
    arrival: datetime,
    *,
    name: str,
    language: str,
    needs: Iterable[str],
    wait: rules.WaitRange | None = None,
    **details: Any,
) -> Ticket:
    return Ticket(
        site=site,
        topic=topic,
        day=local_day(arrival, ZoneInfo(site.timezone)),
        series=topic.family.series,
        issued_at=arrival,
        rank_at=_rank(site, arrival, kept, details["priority"]),
        booked_at=kept.booked_at,
        reserved_agent=kept.agent,
        reserved_desk=kept.desk,
        announced_low=wait.low_minutes if wait else None,
        announced_high=wait.high_minutes if wait else None,
        name=one_line(name)[:NAME_LENGTH],
        language=language[:5],
        needs=sorted(set(needs)),
        **details,
    )


def _rank(site: Site, arrival: datetime, kept: Kept, priority: str) -> datetime:
    late = queries.hall_rules(site).late_minutes if kept.booked_at else 0
    return rules.rank_at(
        arrival,
        fairness=timedelta(minutes=site.fairness_minutes),
        has_priority=bool(priority),
        booked_at=kept.booked_at,
        late=timedelta(minutes=late),
    )


_WORDS = ("priority", "source", "needs", "person")


def _check_topics(topics: list[Topic]) -> None:
    if len(topics) > rules.TOPICS_AT_MOST:
        words = {"count": rules.TOPICS_AT_MOST}
        raise Refused(_("A visit has at most %(count)s topics.") % words, code="too_many")
    if len({topic.pk for topic in topics}) < len(topics):
        raise Refused(_("The same topic is named twice."), code="known_topic")


def _check_kept(site: Site, topic: Topic, kept: Kept) -> None:
    if kept.desk is not None:
        check_desk(site, kept.desk)
    if kept.agent is not None:
        if kept.agent.authority_id != site.authority_id:
            raise Refused(_("This colleague does not receive people here."), code="wrong_agent")
        check_able(kept.agent, topic)


def check_receives(site: Site, now: datetime, *, actor: Agent | None) -> None:
    """Refuse people from outside when the site is closed, and say when it opens."""
    if not site.is_active:
        raise Refused(_("This site no longer receives people."), code="closed")
    if actor is not None:  # somebody inside decides: the doors close before the last is served
        return
    state = opening_state(site, now, "desk")
    # Hours that nobody confirmed are no closure: whoever stands at the kiosk got in.
    if not state.open and state.confirmed:
        raise Refused(queries.closed_sentence(site, state.next_opening), code="closed")


def _check_words(
    *, priority: str, source: str, needs: Iterable[str], person: Person | None, site: Site
) -> None:
    if priority not in Priority.values:
        raise Refused(_("This priority is not on the list."), code="invalid")
    if source not in Source.values:
        raise Refused(_("This way of taking a ticket is not on the list."), code="invalid")
    if set(needs) - set(Need.values):
        raise Refused(_("This need is not on the list."), code="invalid")
    if person is not None and person.authority_id != site.authority_id:
        raise Refused(_("This person is not known here."), code="invalid")
