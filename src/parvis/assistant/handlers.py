"""The clock of a hand-over starts when it moves; who leaves the house is on duty no longer."""

from parvis.accounts.events import AgentDeactivated, PresenceSaid
from parvis.assistant import tasks
from parvis.assistant.actions import duty
from parvis.assistant.events import HandoverMoved
from parvis.assistant.models import Handover
from parvis.common.events import on


@on(HandoverMoved)
def set_the_clock(event: HandoverMoved) -> None:
    if event.state in Handover.OPEN:
        tasks.watch.using(run_after=event.at + tasks.AGAIN).enqueue(event.handover_id)


@on(PresenceSaid)
def no_duty_while_out(event: PresenceSaid) -> None:
    if event.is_out:
        duty.end_for(event.agent_id)


@on(AgentDeactivated)
def no_duty_any_more(event: AgentDeactivated) -> None:
    duty.end_for(event.agent_id)
