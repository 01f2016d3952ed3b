"""Tickets: taking one, moving it on, ending it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import codes
from parvis.common.clock import elapsed_seconds, local_day
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel, Contact, Linking, Need, Outcome, Person
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Desk, Site, Topic
from parvis.organisations.queries import opening_state
from parvis.queue import claims, queries, rules
from parvis.queue.actions.moves import acting_desk_id, locked, moment, move, write_down
from parvis.queue.events import TicketFinished, TicketIssued, TicketLeft
from parvis.queue.models import Priority, Source, Ticket

NAME_LENGTH, NOTE_LENGTH = 80, 200
LOOKED_AT = timedelta(days=31)  # further back nothing is open, and years of history stay unread


@dataclass(frozen=True)
class Issued:
    """A new ticket, and the secret of its page, which is nowhere else."""

    ticket: Ticket
    secret: str


@dataclass(frozen=True)
class Finished:
    """A ticket that ended, and the exchange as it was written down."""

    ticket: Ticket
    contact: Contact


@dataclass(frozen=True)
class Ending:
    """How an exchange at the desk ended, as the agent says it."""

    outcome: str
    topic: Topic | None = None
    sheets: Iterable[Sheet] = ()
    avoidable_cause: str = ""
    person: Person | None = None
    linking: str = ""
    needs: Iterable[str] | None = None
    note: str = ""


@transaction.atomic
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
) -> Issued:
    """Give somebody a place in line: the next number of the day, without a gap."""
    _check_receives(site, now, actor=actor)
    _check_topic(site, topic)
    _check_words(priority=priority, source=source, needs=needs, person=person, site=site)
    secret = codes.new_secret()
    day = local_day(now, ZoneInfo(site.timezone))
    series = topic.family.series
    ticket = Ticket.objects.create(
        site=site,
        topic=topic,
        day=day,
        series=series,
        # From here to the commit the series is ours; everything slow came before.
        number=claims.next_number(site_id=site.pk, day=day, series=series),
        priority=priority,
        source=source,
        name=_clean(name)[:NAME_LENGTH],
        language=language[:5],
        person=person,
        needs=sorted(set(needs)),
        secret_hash=codes.hash_secret(secret),
        issued_at=now,
        rank_at=rules.rank_at(
            now, fairness=timedelta(minutes=site.fairness_minutes), has_priority=bool(priority)
        ),
    )
    write_down(ticket, rules.ISSUED, at=now, agent=actor, by_desk=None, source=source)
    emit(TicketIssued(ticket.pk, site.authority_id, site.pk, topic.pk, source, now))
    claims.bump_version(site.pk)
    return Issued(ticket, secret)


@transaction.atomic
def transfer(
    ticket: Ticket,
    *,
    agent: Agent,
    now: datetime,
    topic: Topic | None = None,
    desk: Desk | None = None,
    note: str = "",
) -> Ticket:
    """Send somebody on to another topic or desk; the arrival keeps its place in line."""
    ticket = locked(ticket)
    if topic is None and desk is None:
        raise Refused(_("Choose the topic or the desk to send this person to."))
    if topic is not None:
        _check_topic(ticket.site, topic)
    if desk is not None and (desk.site_id != ticket.site_id or not desk.is_active):
        raise Refused(_("This desk does not receive people here."), code="wrong_desk")
    move(
        ticket,
        "transferred",
        at=moment(ticket, now),
        agent=agent,
        by_desk=acting_desk_id(ticket, agent),
        data={"topic": topic and topic.pk, "desk": desk and desk.pk, "note": _clean(note)},
        topic_id=topic.pk if topic else ticket.topic_id,
        reserved_desk_id=desk.pk if desk else None,
        desk_id=None,
        agent_id=None,
        calls=0,
        transfers=ticket.transfers + 1,
        note=_clean(note)[:NOTE_LENGTH],
    )
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def leave(ticket: Ticket, *, now: datetime, agent: Agent | None = None) -> Ticket:
    """Write down that somebody went away: said by themselves, or seen by an agent."""
    ticket = locked(ticket)
    at = moment(ticket, now)
    by_desk = acting_desk_id(ticket, agent)
    move(ticket, "left", at=at, agent=agent, by_desk=by_desk, ended_at=at)
    waited = int(elapsed_seconds(ticket.issued_at, at))
    by_person = agent is None
    emit(TicketLeft(ticket.pk, ticket.site.authority_id, ticket.site_id, by_person, waited, at))
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def finish(
    ticket: Ticket,
    *,
    agent: Agent,
    now: datetime,
    outcome: str,
    topic: Topic | None = None,
    sheets: Iterable[Sheet] = (),
    avoidable_cause: str = "",
    person: Person | None = None,
    linking: str = "",
    needs: Iterable[str] | None = None,
    note: str = "",
) -> Finished:
    """End the exchange and write it down as a contact, in one go."""
    ticket = locked(ticket)
    finished = end(
        ticket,
        Ending(outcome, topic, sheets, avoidable_cause, person, linking, needs, note),
        agent=agent,
        now=now,
    )
    claims.bump_version(ticket.site_id)
    return finished


def end(ticket: Ticket, how: Ending, *, agent: Agent, now: datetime) -> Finished:
    """Finish a locked ticket without telling the screens yet."""
    if how.outcome not in Outcome.values:
        raise Refused(_("Choose how the exchange ended."), code="invalid")
    at = moment(ticket, now)
    began = queries.began_at(ticket)
    move(
        ticket,
        "finished",
        at=at,
        agent=agent,
        by_desk=ticket.desk_id,
        data={"outcome": how.outcome},
        started_at=ticket.started_at or ticket.last_call_at,
        ended_at=at,
    )
    who = how.person or ticket.person
    contact = contacts.log_contact(
        authority=ticket.site.authority,
        topic=how.topic or ticket.topic,
        channel=Channel.DESK,
        outcome=how.outcome,
        started_at=began or at,
        ended_at=at,
        now=at,
        agent=agent,
        site=ticket.site,
        desk=ticket.desk,
        person=who,
        linking=how.linking or (Linking.MANUAL if who else Linking.NONE),
        needs=ticket.needs if how.needs is None else how.needs,
        avoidable_cause=how.avoidable_cause,
        sheets=how.sheets,
        note=how.note,
    )
    ticket.contact, ticket.person = contact, who
    ticket.save(update_fields=["contact", "person"])
    emit(
        TicketFinished(
            ticket.pk, ticket.site.authority_id, ticket.site_id, contact.pk, how.outcome, at
        )
    )
    return Finished(ticket, contact)


@transaction.atomic
def close_forgotten(site: Site, *, now: datetime) -> int:
    """End the tickets of earlier days that nobody ended; returns how many."""
    count = end_forgotten(site, now=now)
    if count:
        claims.bump_version(site.pk)
    return count


def end_forgotten(site: Site, *, now: datetime) -> int:
    """The same within another action, without telling the screens yet."""
    old = Ticket.objects.filter(
        site=site, day__gte=(now - LOOKED_AT).date(), rank_at__lte=now - rules.HALL_DAY
    )
    forgotten = old.filter(state__in=rules.MOVES["forgotten"].sources).order_by("id")
    count = 0
    for ticket in map(locked, forgotten):
        if not rules.may("forgotten", ticket.state):
            continue  # ended by somebody else while we came to it
        # The time at which it was last heard of: figures of today stay clean.
        at = moment(ticket, ticket.issued_at)
        move(ticket, "forgotten", at=at, agent=None, by_desk=ticket.desk_id, ended_at=at)
        count += 1
    return count


def _check_receives(site: Site, now: datetime, *, actor: Agent | None) -> None:
    if not site.is_active:
        raise Refused(_("This site no longer receives people."), code="closed")
    if actor is not None:  # somebody inside decides: the doors close before the last is served
        return
    state = opening_state(site, now, "desk")
    # Hours that nobody confirmed are no closure: whoever stands at the kiosk got in.
    if not state.open and state.confirmed:
        raise Refused(queries.closed_sentence(site, state.next_opening), code="closed")


def _check_topic(site: Site, topic: Topic) -> None:
    ours = topic.authority_id == site.authority_id and topic.is_active
    if not ours or not Desk.objects.filter(site=site, is_active=True, topics=topic).exists():
        raise Refused(
            _("No desk here receives people for “%(topic)s”.")
            % {"topic": topic.label if topic.authority_id == site.authority_id else topic.pk},
            code="wrong_topic",
        )


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


def _clean(text: str) -> str:
    # PostgreSQL refuses NUL, SQLite would keep it.
    return " ".join(text.replace("\0", "").split())
