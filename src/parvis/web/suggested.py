"""What lay ready at the desk, written down: the occasion is the visit, else the search."""

from collections.abc import Collection

from django.utils import timezone

from parvis.accounts.http import AgentRequest
from parvis.accounts.queries import current_desk
from parvis.assistant.actions import suggesting
from parvis.assistant.models import Suggestion
from parvis.assistant.rules.suggesting import Deed
from parvis.knowledge.models import Sheet
from parvis.knowledge.remembering import masked_words
from parvis.queue import queries as queue
from parvis.queue.models import Ticket
from parvis.web.queries import Shelf, seat_of


def note(
    request: AgentRequest, shelf: Shelf, *, ticket: Ticket | None, secret: str
) -> Suggestion | None:
    """Write down what lies ready; the address says which of it somebody asked to open."""
    place = Suggestion.Place.VISIT if ticket else Suggestion.Place.DESK
    found = suggesting.note(
        shelf.likely,
        agent=request.user,
        now=timezone.now(),
        place=place,
        occasion=_visit(ticket) if ticket else f"search:{secret}",
        words=masked_words(shelf.query) if shelf.may_be_remembered else "",
    )
    if found is not None and shelf.chosen and shelf.opened is not None:
        suggesting.did(found, shelf.opened.sheet, Deed.OPENED)
    return found


def given(request: AgentRequest, sheet: Sheet) -> None:
    """Its documents were printed or sent for the visitor at this desk."""
    desk = seat_of(request.user, current_desk(request)).desk
    ticket = queue.present_ticket(desk.pk) if desk else None
    if ticket is not None:
        suggesting.did_at(request.user.authority_id, _visit(ticket), [sheet], Deed.GIVEN)


def used(request: AgentRequest, ticket: Ticket, sheets: Collection[Sheet]) -> None:
    """The visit ended with these sheets."""
    if sheets:
        suggesting.did_at(request.user.authority_id, _visit(ticket), sheets, Deed.USED)


def _visit(ticket: Ticket) -> str:
    return f"ticket:{ticket.pk}"
