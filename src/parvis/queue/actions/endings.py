"""How a stay at the desk ends: finished, sent on, gone; each ends a leg of the visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.clock import elapsed_seconds
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel, Contact, Linking, Outcome, Person
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import claims, queries, rules
from parvis.queue.actions.legs import Trail
from parvis.queue.actions.moves import (
    acting_desk_id,
    check_able,
    check_desk,
    check_may,
    check_topic,
    locked,
    moment,
    move,
)
from parvis.queue.actions.tickets import NOTE_LENGTH
from parvis.queue.events import TicketFinished, TicketLeft
from parvis.queue.models import Leg, Ticket

LOOKED_AT = timedelta(days=31)  # further back nothing is open, and years of history stay unread
# What a ticket is like when nobody receives the person yet for the leg under way.
BACK_IN_LINE: dict[str, Any] = {"desk_id": None, "agent_id": None, "calls": 0}


@dataclass(frozen=True)
class Finished:
    """A ticket whose leg ended, the exchange as it was written down, and what is still to come."""

    ticket: Ticket
    contact: Contact
    next: Leg | None = None


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
def transfer(
    ticket: Ticket,
    *,
    agent: Agent,
    now: datetime,
    topic: Topic | None = None,
    desk: Desk | None = None,
    agent_to: Agent | None = None,
    note: str = "",
) -> Ticket:
    """Send somebody on to another topic, desk or colleague; the arrival keeps its place in line."""
    ticket = locked(ticket)
    check_may(ticket, "transferred")
    _check_aim(ticket, topic, desk, agent_to)
    at, trail = moment(ticket, now), Trail(ticket)
    if topic is not None and topic.pk != ticket.topic_id:
        was_received = ticket.state != rules.WAITING
        outcome = Outcome.PASSED_ON.value if was_received else ""
        trail.complete(at=at, by="transferred", outcome=outcome)
        trail.begin(topic, at=at)
    kept = desk if agent_to is None else None
    move(
        ticket,
        "transferred",
        at=at,
        agent=agent,
        by_desk=acting_desk_id(ticket, agent),
        data={
            "topic": topic and topic.pk,
            "desk": kept and kept.pk,
            "agent_to": agent_to and agent_to.pk,
            "note": one_line(note),
            "legs": trail.told,
        },
        topic_id=topic.pk if topic else ticket.topic_id,
        reserved_desk_id=kept.pk if kept else None,
        reserved_agent_id=agent_to.pk if agent_to else None,
        started_at=None,
        transfers=ticket.transfers + 1,
        note=one_line(note)[:NOTE_LENGTH],
        **BACK_IN_LINE,
    )
    claims.bump_version(ticket.site_id)
    return ticket


def _check_aim(
    ticket: Ticket, topic: Topic | None, desk: Desk | None, agent_to: Agent | None
) -> None:
    if topic is None and desk is None and agent_to is None:
        raise Refused(_("Choose the topic, the desk or the colleague to send this person to."))
    if topic is not None:
        check_topic(ticket.site, topic)
    wanted = topic or ticket.topic
    if desk is not None:
        check_desk(ticket.site, desk)
        session = queries.session_at(desk) if wanted.needs_skill else None
        if session is not None and agent_to is None:
            check_able(session.agent, wanted)
    if agent_to is not None:
        session = queries.session_of(agent_to)
        if session is None or session.desk.site_id != ticket.site_id:
            raise Refused(
                _("%(name)s does not receive here now: choose a desk or a topic.")
                % {"name": agent_to.display_name},
                code="wrong_agent",
            )
        check_able(agent_to, wanted)


@transaction.atomic
def leave(ticket: Ticket, *, now: datetime, agent: Agent | None = None) -> Ticket:
    """Write down that somebody went away: said by themselves, or seen by an agent."""
    ticket = locked(ticket)
    check_may(ticket, "left")
    at = moment(ticket, now)
    by_desk = acting_desk_id(ticket, agent)
    trail = Trail(ticket)
    trail.end_all(at=at, by="left")
    data = {"legs": trail.told}
    move(ticket, "left", at=at, agent=agent, by_desk=by_desk, data=data, ended_at=at)
    waited = int(elapsed_seconds(ticket.issued_at, at))
    by_person = agent is None
    emit(TicketLeft(ticket.pk, ticket.site.authority_id, ticket.site_id, by_person, waited, at))
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def mark_no_show(ticket: Ticket, *, agent: Agent, now: datetime) -> Ticket:
    """Nobody came when called."""
    ticket = locked(ticket)
    check_may(ticket, "no_show")
    at = moment(ticket, now)
    trail = Trail(ticket)
    trail.end_all(at=at, by="no_show")
    data = {"legs": trail.told}
    move(ticket, "no_show", at=at, agent=agent, by_desk=ticket.desk_id, data=data, ended_at=at)
    claims.bump_version(ticket.site_id)
    return ticket


def end(ticket: Ticket, how: Ending, *, agent: Agent, now: datetime) -> Finished:
    """Finish the leg under way of a locked ticket, without telling the screens yet.

    With another topic still to come the person waits for it, at their place in line.
    """
    if how.outcome not in Outcome.values:
        raise Refused(_("Choose how the exchange ended."), code="invalid")
    trail = Trail(ticket)
    to_come = trail.next
    check_may(ticket, rules.LEG_FINISHED if to_come else "finished")
    at, who = moment(ticket, now), how.person or ticket.person
    contact = _log(ticket, how, trail.under_way, agent=agent, at=at)
    trail.complete(at=at, by="finished", outcome=how.outcome, contact_id=contact.pk)
    data = {"outcome": how.outcome, "contact": contact.pk}
    kind, changes = _after_leg(ticket, to_come, contact, trail, at)
    if to_come is not None:
        data["topic"] = to_come.topic_id
    move(
        ticket,
        kind,
        at=at,
        agent=agent,
        by_desk=ticket.desk_id,
        data={**data, "legs": trail.told},
        person_id=who and who.pk,
        **changes,
    )
    authority_id, site_id = ticket.site.authority_id, ticket.site_id
    emit(TicketFinished(ticket.pk, authority_id, site_id, contact.pk, how.outcome, at))
    return Finished(ticket, contact, to_come)


def _after_leg(
    ticket: Ticket, to_come: Leg | None, contact: Contact, trail: Trail, at: datetime
) -> tuple[str, dict[str, Any]]:
    """The event and the changes: the end of the visit, or the wait for its next topic."""
    if to_come is None:
        began = ticket.started_at or ticket.last_call_at
        return "finished", {"started_at": began, "ended_at": at, "contact_id": contact.pk}
    trail.change(to_come, waiting_since=at)
    return rules.LEG_FINISHED, {
        "topic_id": to_come.topic_id,
        "reserved_desk_id": None,
        "reserved_agent_id": None,
        "started_at": None,
        "note": "",
        **BACK_IN_LINE,
    }


def _log(ticket: Ticket, how: Ending, leg: Leg | None, *, agent: Agent, at: datetime) -> Contact:
    who = how.person or ticket.person
    return contacts.log_contact(
        authority=ticket.site.authority,
        topic=how.topic or ticket.topic,
        channel=Channel.DESK,
        outcome=how.outcome,
        started_at=queries.began_at(ticket, leg) or at,
        ended_at=at,
        now=at,
        agent=agent,
        site=ticket.site,
        desk=ticket.desk,
        person=who,
        linking=how.linking or (queries.linking_of(ticket) if who else Linking.NONE),
        needs=ticket.needs if how.needs is None else how.needs,
        avoidable_cause=how.avoidable_cause,
        sheets=how.sheets,
        note=how.note,
    )


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
        trail = Trail(ticket)
        trail.end_all(at=at, by="forgotten")
        data = {"legs": trail.told}
        by_desk = ticket.desk_id
        move(ticket, "forgotten", at=at, agent=None, by_desk=by_desk, data=data, ended_at=at)
        count += 1
    return count
