"""Following a protocol in a case: a step done, or done otherwise with its reason."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.actions import story
from parvis.cases.models import Case, CaseStep
from parvis.common.errors import Refused
from parvis.knowledge import actions as knowledge
from parvis.knowledge import queries as sheets
from parvis.knowledge.models import Sheet


@transaction.atomic
def do_step(
    case: Case,
    sheet: Sheet,
    *,
    step: int,
    agent: Agent,
    now: datetime,
    cause: str = "",
    words: str = "",
) -> CaseStep:
    """Note that a step of the protocol was done; with a cause, that it was done otherwise.

    What was done otherwise is looked at each month with the deviations of the desks.
    """
    story.check_agent(case, agent)
    story.check_running(case)
    steps = sheets.steps_of(sheet.current)
    if sheet.current is None or not 1 <= step <= len(steps):
        raise Refused(_("This step is no longer in the protocol."), code="gone")
    if queries.is_done(case, sheet.current, step):
        raise Refused(_("A colleague has ticked this step already."), code="stale")
    deviation = None
    if cause:
        deviation = knowledge.deviate(
            sheet, step=step, cause=cause, words=words, agent=agent, now=now
        )
    try:
        with transaction.atomic():
            done = CaseStep.objects.create(
                case=case,
                version=sheet.current,
                step=step,
                title=steps[step - 1].title[:200],
                agent=agent,
                at=now,
                deviation=deviation,
            )
    except IntegrityError:
        raise Refused(_("A colleague has ticked this step already."), code="stale") from None
    story.note_down(case, agent, "step_done", sheet=sheet.ref, step=step, otherwise=bool(cause))
    return done


@transaction.atomic
def undo_step(done: CaseStep, *, agent: Agent) -> None:
    """Take a tick back; that it was there stays in the journal."""
    story.check_agent(done.case, agent)
    story.check_running(done.case)
    story.note_down(
        done.case, agent, "step_undone", step=done.step, title=done.title, by=done.agent_id
    )
    done.delete()
