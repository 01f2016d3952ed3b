"""What paper leaves in the story of a case: a letter that left, a letter that came."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from parvis.accounts.models import Agent
from parvis.cases.actions import story
from parvis.cases.models import Case, CaseEntry


@transaction.atomic
def note_letter_out(
    case: Case,
    *,
    agent: Agent,
    now: datetime,
    subject: str,
    number: str,
    posted_on: date,
    handed: bool = False,
) -> Case:
    """Say in the story that a letter left for the person."""
    story.check_agent(case, agent)
    story.change(case, now=now, unread_by_person=True)
    extra: dict[str, Any] = {"handed": True} if handed else {}
    story.add_line(
        case,
        story.Kind.LETTER_OUT,
        now=now,
        agent=agent,
        subject=subject,
        number=number,
        posted_on=posted_on.isoformat(),
        **extra,
    )
    story.note_down(case, agent, "letter_sent", number=number)
    return case


@transaction.atomic
def note_letter_in(
    case: Case, *, agent: Agent, now: datetime, subject: str, number: str, received_on: date
) -> CaseEntry:
    """Say in the story that a letter came: it is our turn, whoever was awaited before."""
    state = Case.State.OPEN if case.state == Case.State.AWAITING_PERSON else None
    story.change(case, now=now, state=state, unread_by_service=True)
    line = story.add_line(
        case,
        story.Kind.LETTER_IN,
        now=now,
        agent=agent,
        subject=subject,
        number=number,
        received_on=received_on.isoformat(),
    )
    story.note_down(case, agent, "letter_received", number=number)
    return line
