"""What is said about a case: messages both ways, notes, the answer, "not solved"."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.actions import clocks, people, story
from parvis.cases.actions.files import Document, attach_all
from parvis.cases.events import (
    CaseClosed,
    CaseMessageWritten,
    CaseReferentChanged,
    CaseReopened,
    MessageReceived,
)
from parvis.cases.models import Case
from parvis.cases.queries.following import NOBODY_ELSE
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line

REFUSES = _lazy(
    "A refusal is decided with its law, its facts and the ways to contest it: see “On paper”, "
    "then “Decide a refusal”. What you typed is kept."
)
LINK_KEPT = timedelta(days=365)  # the page of a closed case stays readable this long


@transaction.atomic
def write_to_person(
    case: Case,
    *,
    agent: Agent,
    now: datetime,
    text: str,
    awaited: str = "",
    documents: Sequence[Document] = (),
) -> Case:
    """Write to the person on their page, in one's own name; perhaps something is awaited."""
    kept = story.words(text, empty=_("Write the message."))
    story.check_agent(case, agent)
    story.check_running(case)
    wanted = one_line(awaited)[:200]
    state = Case.State.AWAITING_PERSON if wanted else None
    story.change(case, now=now, state=state, unread_by_person=True)
    extra = {"awaited": wanted} if wanted else {}
    line = story.add_line(case, story.Kind.MESSAGE_OUT, now=now, agent=agent, text=kept, **extra)
    attach_all(case, documents, now=now, entry=line, agent=agent)
    story.note_down(case, agent, "message_sent")
    emit(CaseMessageWritten(case.pk, case.authority_id, line.pk))
    return case


@transaction.atomic
def write_as_person(
    case: Case,
    *,
    now: datetime,
    text: str,
    documents: Sequence[Document] = (),
    channel: str = "web",
    mail_id: str = "",
) -> Case:
    """The person writes, on their page or by mail: who follows sees it, and it is our turn."""
    says = bool(text.strip()) or not documents
    kept = story.words(text, empty=_("Write your message.")) if says else ""
    state = Case.State.OPEN if case.state == Case.State.AWAITING_PERSON else None
    story.change(case, now=now, state=state, unread_by_service=True, unread_by_person=False)
    kind = story.Kind.MESSAGE_IN if says else story.Kind.FILE_ADDED
    by_mail: dict[str, Any] = {"channel": channel, "mail": mail_id} if channel != "web" else {}
    line = story.add_line(case, kind, now=now, text=kept, **by_mail)
    attach_all(case, documents, now=now, entry=line)
    story.note_down(case, journal.PERSON, "message_received")
    emit(MessageReceived(case.pk, case.authority_id))
    return case


@transaction.atomic
def add_note(
    case: Case, *, agent: Agent, now: datetime, text: str, reason: str, shared: bool = False
) -> Case:
    """Note something for the service; kept from the person only for a stated reason."""
    kept = story.words(text, empty=_("Write the note."))
    why = one_line(reason)[:200]
    story.check_agent(case, agent)
    if not shared and not why:
        raise Refused(_("Say why the person does not read this note: it stays with the note."))
    story.change(case, now=now)
    story.add_line(
        case,
        story.Kind.NOTE,
        now=now,
        agent=agent,
        text=kept,
        internal_reason="" if shared else why,
    )
    story.note_down(case, agent, "note_added", internal=not shared)
    return case


@transaction.atomic
def plan_next_step(
    case: Case, *, agent: Agent, now: datetime, text: str, due_on: date | None = None
) -> Case:
    """Say what comes next from us and until when; the person reads it."""
    kept = story.words(text, empty=_("Write what comes next."))[:200]
    story.check_agent(case, agent)
    story.check_running(case)
    if due_on is not None and due_on < now.date():
        raise Refused(_("The date of the next step is past."))
    state = Case.State.OPEN if case.state == Case.State.AWAITING_PERSON else None
    story.change(case, now=now, state=state, due_on=due_on, unread_by_person=True)
    story.add_line(
        case,
        story.Kind.NOTE,
        now=now,
        agent=agent,
        text=kept,
        next_step=True,
        due_on=due_on.isoformat() if due_on else "",
    )
    story.note_down(case, agent, "next_step_planned")
    return case


@transaction.atomic
def close(case: Case, *, agent: Agent, now: datetime, text: str, refuses: bool = False) -> Case:
    """Answer the request; the person reads the answer and may say that it is not solved.

    What refuses is a decision with its law and its facts (L211-2, L211-5): it is not closed here.
    """
    if refuses:
        raise Refused(str(REFUSES), code="motives")
    answer = story.words(text, empty=_("Write the answer that the person reads."))
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    story.change(
        case,
        now=now,
        state=Case.State.CLOSED,
        closed_at=now,
        secret_expires_at=now + LINK_KEPT,
        unread_by_service=False,
        unread_by_person=True,
    )
    people.withdraw_pending(case, now)
    clocks.recount(case, clocks.Change(decided_on=clocks.local_today(now, agent)))
    line = story.add_line(case, story.Kind.CLOSED, now=now, agent=agent, text=answer)
    story.note_down(case, agent, "case_closed")
    emit(CaseMessageWritten(case.pk, case.authority_id, line.pk))
    emit(CaseClosed(case.pk, case.authority_id, case.contact_id))
    return case


@transaction.atomic
def reopen(case: Case, *, now: datetime, text: str, agent: Agent | None = None) -> Case:
    """Take the case up again: by whoever followed it, without repeating anything."""
    if agent is not None:
        story.check_agent(case, agent)
    if case.state in rules.RUNNING:
        raise Refused(_("This case is open already."))
    why = story.words(text, empty=_("Write what is not settled."))
    before = case.referent_id
    pair = _same_hands(case, now)
    story.change(
        case,
        now=now,
        state=Case.State.OPEN,
        closed_at=None,
        secret_expires_at=None,
        due_on=None,
        reopened_count=case.reopened_count + 1,
        referent=pair.referent,
        deputy=pair.deputy,
        deputy_is_chosen=case.deputy_is_chosen and _pk(pair.deputy) == case.deputy_id,
        referent_since=case.referent_since if _pk(pair.referent) == before else now,
        unread_by_service=agent is None,
        unread_by_person=agent is not None,
    )
    clocks.recount(case, clocks.Change(came_back=True))
    line = story.add_line(
        case,
        story.Kind.REOPENED,
        now=now,
        agent=agent,
        text=why,
        referent=case.referent_id,
        deputy=case.deputy_id,
    )
    story.note_down(case, agent or journal.PERSON, "case_reopened")
    if case.referent_id != before:
        emit(CaseReferentChanged(case.pk, case.authority_id, before, case.referent_id, line.pk))
    emit(CaseReopened(case.pk, case.authority_id))
    return case


@transaction.atomic
def call_attention(case: Case) -> None:
    """Something about the case waits to be seen by the service: it shows on its shelves."""
    Case.objects.filter(pk=case.pk).update(unread_by_service=True)
    case.unread_by_service = True


@transaction.atomic
def note_thanks(case: Case, *, now: datetime) -> None:
    """Let the story show that the person said thank you; it moves nothing."""
    story.add_line(case, story.Kind.THANKED, now=now)


def _same_hands(case: Case, now: datetime) -> people.Pair:
    def still_there(agent: Agent | None) -> Agent | None:
        return agent if people.still_fits(agent, case) else None

    referent, deputy = still_there(case.referent), still_there(case.deputy)
    # Whoever stood in knows the case: the deputy takes over from a referent who has left.
    if referent is None and deputy is not None:
        referent, deputy = deputy, None
    return people.chosen_pair(
        case.service,
        case.topic,
        now=now,
        person=case.person,
        referent=referent,
        deputy=deputy,
        because=NOBODY_ELSE,  # they followed it already, or nobody better is there
    )


def _pk(agent: Agent | None) -> int | None:
    return agent.pk if agent else None
