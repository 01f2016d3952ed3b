"""Calls that the person asked for: a promise with its hour, on the page and in the service."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.actions import story
from parvis.cases.actions.opening import log_exchange
from parvis.cases.events import CallAsked
from parvis.cases.models import CallBack, Case
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts.models import Channel
from parvis.contacts.rules import normal_phone


@transaction.atomic
def ask_call(
    case: Case,
    *,
    now: datetime,
    day: date,
    part: str,
    phone: str = "",
    words: str = "",
    agent: Agent | None = None,
) -> CallBack:
    """Promise a call by the end of that part of that day; an agent may ask on behalf of them."""
    if agent is not None:
        story.check_agent(case, agent)
    story.check_running(case)
    number = normal_phone(phone) or (case.person.phone if case.person and not phone else "")
    if not number:
        raise Refused(_("Write the number that we are to call."), code="no_number")
    moments = queries.moments_to_call(case, now)
    until = next((one.until for one in moments if (one.day, one.part) == (day, part)), None)
    if until is None:
        raise Refused(_("This moment is past or not open: choose another one."), code="past")
    if queries.promised_call(case) is not None:
        raise Refused(_("A call is promised already."), code="promised")
    call = CallBack.objects.create(
        case=case,
        phone=number,
        wanted_on=day,
        part=part,
        words=one_line(words)[:200],
        asked_at=now,
        promised_until=until,
    )
    _tell(case, "asked", now, agent, text=call.words, day=day.isoformat(), part=part)
    emit(CallAsked(case.pk, case.authority_id, call.pk, until))
    return call


@transaction.atomic
def withdraw_call(call: CallBack, *, now: datetime, agent: Agent | None = None) -> CallBack:
    """The call is not needed any more."""
    if agent is not None:
        story.check_agent(call.case, agent)
    _end(call, CallBack.State.WITHDRAWN, now, agent)
    _tell(call.case, "withdrawn", now, agent)
    return call


@transaction.atomic
def note_call(call: CallBack, *, agent: Agent, now: datetime, answered: bool) -> CallBack:
    """We called: the promise is kept, or nobody answered and it stays to be made."""
    story.check_agent(call.case, agent)
    if not answered:
        waiting = CallBack.objects.filter(pk=call.pk, state=CallBack.State.PROMISED)
        call.tries, call.last_try_at = call.tries + 1, now
        if not waiting.update(tries=call.tries, last_try_at=now):
            raise Refused(_("A colleague has dealt with this call already."), code="stale")
        _tell(call.case, "unanswered", now, agent)
        return call
    _end(call, CallBack.State.DONE, now, agent)
    _tell(call.case, "made", now, agent)
    log_exchange(call.case, agent=agent, now=now, channel=Channel.PHONE)
    return call


def _end(call: CallBack, state: str, now: datetime, agent: Agent | None) -> None:
    waiting = CallBack.objects.filter(pk=call.pk, state=CallBack.State.PROMISED)
    if not waiting.update(state=state, ended_at=now, agent=agent):
        raise Refused(_("A colleague has dealt with this call already."), code="stale")
    call.state, call.ended_at, call.agent = state, now, agent


def _tell(
    case: Case, what: str, now: datetime, agent: Agent | None, *, text: str = "", **data: str
) -> None:
    story.change(case, now=now, unread_by_service=agent is None, unread_by_person=agent is not None)
    story.add_line(case, story.Kind.CALL, now=now, agent=agent, text=text, what=what, **data)
    story.note_down(case, agent or journal.PERSON, f"call_{what}")
