"""Who receives where: sitting down, breaks, leaving."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.actions import keep_place
from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.clock import local_day
from parvis.common.errors import Refused
from parvis.organisations.models import Desk
from parvis.queue import claims, queries
from parvis.queue.actions.endings import end_forgotten
from parvis.queue.actions.pools import release
from parvis.queue.models import DeskSession


@transaction.atomic
def sit_down(desk: Desk, *, agent: Agent, now: datetime) -> DeskSession:
    """Open a desk: from now on this agent receives there."""
    if desk.site.authority_id != agent.authority_id or not desk.is_active:
        raise Refused(_("This desk does not receive people here."), code="wrong_desk")
    end_forgotten(desk.site, now=now)
    mine = queries.session_of(agent)
    if mine is not None and mine.desk_id == desk.pk:
        status = DeskSession.Status.OPEN
        return _set_status(mine, status, "queue.desk_reopened", agent=agent, now=now)
    if mine is not None:
        _end(mine, agent=agent, now=now)
    _send_home_who_forgot(desk, agent=agent, now=now)
    try:
        with transaction.atomic():
            session = DeskSession.objects.create(desk=desk, agent=agent, opened_at=now)
    except IntegrityError:
        raise Refused(_taken(desk), code="desk_taken") from None
    if mine is not None:
        release(queries.kept_for_desk(mine.desk, now), now=now)
        if mine.desk.site_id != desk.site_id:
            release(queries.kept_for_agent(mine.desk.site, agent, now), now=now)
    release(queries.stranded(desk.site, now), now=now)
    # Where somebody receives is never shown as free, whichever way the desk was opened.
    keep_place(desk, agent=agent, now=now)
    journal.record(agent, "queue.desk_opened", desk)
    # Versions last and in one order: whoever holds one must not wait for anything else.
    for site_id in sorted({desk.site_id, mine.desk.site_id if mine else desk.site_id}):
        claims.bump_version(site_id)
    return session


@transaction.atomic
def pause(session: DeskSession, *, agent: Agent, now: datetime) -> DeskSession:
    """A break: the desk calls nobody and does not count in the waits shown."""
    _check_empty(session)
    return _set_status(session, DeskSession.Status.PAUSE, "queue.break_began", agent=agent, now=now)


@transaction.atomic
def to_back_office(session: DeskSession, *, agent: Agent, now: datetime) -> DeskSession:
    """Work without receiving: as in a break, the desk calls nobody and does not count."""
    _check_empty(session)
    verb = "queue.back_office_began"
    return _set_status(session, DeskSession.Status.BACK_OFFICE, verb, agent=agent, now=now)


@transaction.atomic
def back(session: DeskSession, *, agent: Agent, now: datetime) -> DeskSession:
    """Back from the break, or from the back office."""
    return _set_status(session, DeskSession.Status.OPEN, "queue.break_ended", agent=agent, now=now)


@transaction.atomic
def stand_up(session: DeskSession, *, agent: Agent, now: datetime) -> DeskSession:
    """Close the desk: the agent leaves it, and who was kept for them returns to the line."""
    _end(session, agent=agent, now=now)
    release(queries.kept_for_desk(session.desk, now), now=now)
    release(queries.kept_for_agent(session.desk.site, session.agent, now), now=now)
    claims.bump_version(session.desk.site_id)
    return session


def _set_status(
    session: DeskSession, status: str, verb: str, *, agent: Agent, now: datetime
) -> DeskSession:
    open_sessions = DeskSession.objects.filter(pk=session.pk, closed_at=None)
    since = session.status_since if session.status == status else now
    if not open_sessions.update(status=status, status_since=since):
        raise Refused(_("This desk was closed meanwhile: choose it again."), code="closed")
    if session.status != status:
        journal.record(agent, verb, session.desk)
        session.status_since = since
        # Who is kept for somebody gone to the back office returns to the line at once.
        release(queries.stranded(session.desk.site, now), now=now)
    claims.bump_version(session.desk.site_id)
    session.status = status
    return session


def _end(session: DeskSession, *, agent: Agent, now: datetime) -> None:
    _check_empty(session)
    now = max(now, session.opened_at)
    if not DeskSession.objects.filter(pk=session.pk, closed_at=None).update(closed_at=now):
        return  # closed already: the same wish twice
    session.closed_at = now
    journal.record(agent, "queue.desk_closed", session.desk, of=session.agent_id)


def _check_empty(session: DeskSession) -> None:
    ticket = queries.present_ticket(session.desk_id)
    if ticket is not None:
        sentence = _("%(desk)s still has ticket %(code)s: finish it first.")
        words = {"desk": session.desk.label, "code": ticket.code}
        raise Refused(sentence % words, code="desk_busy")


def _send_home_who_forgot(desk: Desk, *, agent: Agent, now: datetime) -> None:
    """A session of an earlier day holds no desk: somebody forgot to leave."""
    session = queries.session_at(desk)
    if session is None:
        return
    zone = ZoneInfo(desk.site.timezone)
    if local_day(session.opened_at, zone) >= local_day(now, zone):
        raise Refused(_taken(desk), code="desk_taken")
    _end(session, agent=agent, now=now)


def _taken(desk: Desk) -> str:
    session = queries.session_at(desk)
    who = session.agent.display_name if session else _("a colleague")
    return _("%(desk)s is taken by %(name)s.") % {"desk": desk.label, "name": who}
