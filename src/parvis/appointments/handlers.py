"""What the room does when something happens below."""

from parvis.appointments import actions
from parvis.common.events import on
from parvis.queue.events import TicketFinished, TicketLeft


@on(TicketFinished)
def end_the_appointment_with_its_visit(event: TicketFinished) -> None:
    """An appointment in the hall ends as the one contact of its ticket."""
    actions.ticket_finished(event.ticket_id, event.contact_id, now=event.at)


@on(TicketLeft)
def note_that_the_visitor_left(event: TicketLeft) -> None:
    """Somebody who checked in and went away is not expected any more."""
    actions.ticket_left(event.ticket_id, now=event.at)
