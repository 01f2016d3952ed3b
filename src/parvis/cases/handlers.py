"""What the room does when something happens below."""

from parvis.accounts.events import AgentDeactivated, AgentMoved
from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.common.events import on
from parvis.organisations.events import TakenOutOfUse


@on(AgentDeactivated)
def hand_on_the_cases_of_who_left(event: AgentDeactivated) -> None:
    """Nobody is left without a name to turn to."""
    actions.take_over_from(Agent.objects.get(pk=event.agent_id), now=event.at)


@on(AgentMoved)
def hand_on_the_cases_of_who_moved(event: AgentMoved) -> None:
    """The cases stay with the service: somebody of it follows them."""
    actions.take_over_from(Agent.objects.get(pk=event.agent_id), now=event.at)


@on(TakenOutOfUse)
def no_case_is_left_without_its_service(event: TakenOutOfUse) -> None:
    if event.kind == "service":
        actions.check_no_case_is_open(event.row_id)
