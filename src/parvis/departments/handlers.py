"""The clock of a question is set when its turn changes; who goes out hands over."""

from parvis.accounts.events import AgentDeactivated, PresenceSaid
from parvis.common.events import on
from parvis.departments import actions, tasks
from parvis.departments.events import QuestionMoved
from parvis.departments.models import Question


@on(QuestionMoved)
def set_the_clock(event: QuestionMoved) -> None:
    if event.verb not in {"turned", "taken", "passed"}:
        return
    due = Question.objects.filter(pk=event.question_id).values_list("step_due_at", flat=True)
    if at := due.first():
        tasks.look_at.using(run_after=at).enqueue(event.question_id)


@on(PresenceSaid)
def hand_over_what_waits(event: PresenceSaid) -> None:
    if event.is_out:
        actions.hand_over_from(event.agent_id, now=event.at)


@on(AgentDeactivated)
def hand_over_what_they_held(event: AgentDeactivated) -> None:
    actions.hand_over_from(event.agent_id, now=event.at)
