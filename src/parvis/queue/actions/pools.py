"""People set aside, back again, letting others past, and nobody kept for whoever is gone."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.organisations.models import Site
from parvis.queue import claims, queries, rules
from parvis.queue.actions.endings import BACK_IN_LINE
from parvis.queue.actions.legs import Trail
from parvis.queue.actions.moves import (
    acting_desk_id,
    check_may,
    locked,
    moment,
    move,
    one_ticket_at,
)
from parvis.queue.actions.tickets import check_receives
from parvis.queue.models import Ticket

ME, DESK, ANYONE = "me", "desk", "anyone"  # by whom somebody set aside wants to be called back
WISHES = (ME, DESK, ANYONE)


@transaction.atomic
def hold(ticket: Ticket, *, agent: Agent, now: datetime, wish: str = ME) -> Ticket:
    """Set somebody aside for a while, who fills in a form or fetches a paper.

    ``wish`` says who calls them back: me, this desk, or anyone who serves their topic.
    """
    if wish not in WISHES:
        raise Refused(_("Choose who calls this person back."), code="invalid")
    ticket = locked(ticket)
    at = moment(ticket, now)
    began = ticket.started_at or ticket.last_call_at  # who is set aside has been at the desk
    move(
        ticket,
        "held",
        at=at,
        agent=agent,
        by_desk=ticket.desk_id,
        data={"wish": wish},
        started_at=began,
        reserved_agent_id=agent.pk if wish == ME else None,
        reserved_desk_id=ticket.desk_id if wish == DESK else None,
    )
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def resume(ticket: Ticket, *, agent: Agent, now: datetime) -> Ticket:
    """Call back somebody who was set aside, to where the agent sits now."""
    ticket = locked(ticket)
    at = moment(ticket, now)
    session = queries.session_of(agent)
    is_here = session is not None and session.desk.site_id == ticket.site_id
    desk_id = session.desk_id if session and is_here else ticket.desk_id
    with one_ticket_at(desk_id or 0):
        move(
            ticket,
            "resumed",
            at=at,
            agent=agent,
            by_desk=desk_id,
            desk_id=desk_id,
            agent_id=agent.pk,
            reserved_desk_id=None,
            reserved_agent_id=None,
            last_call_at=at,
            calls=1,
        )
    claims.bump_version(ticket.site_id)
    return locked(ticket)


@transaction.atomic
def come_back(ticket: Ticket, *, now: datetime, agent: Agent | None = None) -> Ticket:
    """Somebody is back: set aside, gone or missed; waiting again at their place in line.

    Whoever was set aside is kept for the colleague or the desk that was wished for.
    """
    ticket = locked(ticket)
    check_may(ticket, "came_back")
    check_receives(ticket.site, now, actor=agent)
    trail = Trail(ticket)
    if ticket.state != rules.HELD:
        _check_in_time(ticket, now)
        trail.take_up_again()
    move(
        ticket,
        "came_back",
        at=moment(ticket, now),
        agent=agent,
        by_desk=acting_desk_id(ticket, agent) if agent else None,
        data={"legs": trail.told},
        ended_at=None,
        **BACK_IN_LINE,
    )
    release(queries.stranded(ticket.site, now), now=now)
    claims.bump_version(ticket.site_id)
    return locked(ticket)


def _check_in_time(ticket: Ticket, now: datetime) -> None:
    minutes = queries.hall_rules(ticket.site).back_minutes
    ended_at = ticket.ended_at or now
    if not rules.may_come_back(ended_at, now=now, within=timedelta(minutes=minutes)):
        raise Refused(
            _("Ticket %(code)s ended more than %(minutes)s minutes ago: take a new one.")
            % {"code": ticket.code, "minutes": minutes},
            code="too_late",
        )


@transaction.atomic
def let_pass(ticket: Ticket, *, now: datetime, agent: Agent | None = None) -> Ticket:
    """Let the next two people go first whom the same desks serve."""
    ticket = locked(ticket)
    check_may(ticket, "let_past")
    times = queries.hall_rules(ticket.site).lets_past
    if ticket.let_past >= times:
        raise Refused(
            _("You have let others past %(count)s times already: you keep your place now.")
            % {"count": ticket.let_past},
            code="too_often",
        )
    last = queries.last_to_pass(ticket, now)
    if last is None:
        raise Refused(_("Nobody is behind you: there is nobody to let past."), code="last")
    move(
        ticket,
        "let_past",
        at=moment(ticket, now),
        agent=agent,
        by_desk=None,
        rank_at=rules.just_behind(last.rank_at),
        let_past=ticket.let_past + 1,
    )
    claims.bump_version(ticket.site_id)
    return ticket


@transaction.atomic
def release_stranded(site: Site, *, now: datetime) -> int:
    """Give back to the line those kept for a desk or a colleague that is not there any more."""
    count = release(queries.stranded(site, now), now=now)
    if count:
        claims.bump_version(site.pk)
    return count


def release(tickets: Iterable[Ticket], *, now: datetime) -> int:
    """Nobody in particular calls these people any more: whoever serves their topic does.

    Within another action, without telling the screens yet.
    """
    count = 0
    for ticket in map(locked, sorted(tickets, key=lambda one: one.pk)):
        is_kept = ticket.reserved_desk_id or ticket.reserved_agent_id
        if not is_kept or not rules.may("released", ticket.state):
            continue  # called meanwhile
        move(
            ticket,
            "released",
            at=moment(ticket, now),
            agent=None,
            by_desk=None,
            reserved_desk_id=None,
            reserved_agent_id=None,
        )
        count += 1
    return count
