"""What the hall does when something happened.

After every call and every departure the line is shorter: somebody may have to be told. A job does
it: actions cannot name the jobs, which call them.
"""

from parvis.common.events import on
from parvis.law.events import ArticleChanged
from parvis.organisations.events import TakenOutOfUse
from parvis.queue import actions, queries, tasks
from parvis.queue.events import TicketCalled, TicketLeft


@on(TicketCalled)
def somebody_was_called(event: TicketCalled) -> None:
    if event.leaves_alerts:
        tasks.tell_those_near.enqueue(event.site_id)


@on(TicketLeft)
def somebody_left(event: TicketLeft) -> None:
    if queries.has_alerts(event.site_id):
        tasks.tell_those_near.enqueue(event.site_id)


@on(ArticleChanged)
def tell_the_desks_that_law_changed(event: ArticleChanged) -> None:
    """Answers given today may rest on the words of yesterday."""
    actions.tell_that_law_changed(event)


@on(TakenOutOfUse)
def nobody_is_left_in_a_hall(event: TakenOutOfUse) -> None:
    """Whoever waits would vanish from the screens, with a ticket in the hand."""
    actions.check_nobody_is_left(event)
