"""A desk chosen at sign-in is a desk where the agent receives; whoever leaves closes it.

And what the rooms of one floor may not tell each other: a visit ended, an answer came.
"""

from parvis.accounts.events import AgentDeactivated, DeskChosen, SignedOut
from parvis.common.events import on
from parvis.departments.actions import visitor_left
from parvis.departments.events import QuestionMoved
from parvis.queue.events import TicketFinished, TicketLeft
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


@on(TicketFinished)
def the_visitor_went_home(event: TicketFinished) -> None:
    visitor_left("ticket", event.ticket_id, now=event.at)


@on(TicketLeft)
def the_visitor_went_away(event: TicketLeft) -> None:
    visitor_left("ticket", event.ticket_id, now=event.at)


@on(QuestionMoved)
def show_it_at_the_desks(event: QuestionMoved) -> None:
    actions.wake_halls(event.authority_id)
