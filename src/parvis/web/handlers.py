"""A desk chosen at sign-in is a desk where the agent receives; whoever leaves closes it."""

from parvis.accounts.events import AgentDeactivated, DeskChosen, SignedOut
from parvis.common.events import on
from parvis.web import actions


@on(DeskChosen)
def sit_where_it_was_chosen(event: DeskChosen) -> None:
    actions.take_place(event.agent_id, event.desk_id, now=event.at)


@on(SignedOut)
def close_the_desk(event: SignedOut) -> None:
    actions.leave_place(event.agent_id, now=event.at)


@on(AgentDeactivated)
def close_the_desk_of_who_left(event: AgentDeactivated) -> None:
    actions.leave_place(event.agent_id, now=event.at)
