"""The searches made beside a visitor: remembered without names, so that what lacks is seen."""

from parvis.accounts.http import AgentRequest
from parvis.knowledge import actions
from parvis.knowledge.models import Searched
from parvis.knowledge.remembering import remember, search_secret
from parvis.web.queries import Shelf

SECRET, BEFORE = "s", "avant"


def note(request: AgentRequest, shelf: Shelf) -> str:
    """Remember what the box was asked, or which sheet was opened; gives the secret of the page."""
    given = request.GET.get(SECRET, "")[:32]
    authority_id = request.user.authority_id
    secret = search_secret(given, before=request.GET.get(BEFORE, "")[:200], words=shelf.query)
    if "fiche" in request.GET:
        if given and shelf.opened:
            actions.note_opening(authority_id, given, shelf.opened.sheet)
        return secret
    if shelf.found is None:
        return secret
    if not shelf.may_be_remembered:
        actions.forget_search(authority_id, secret)
        return secret
    place = Searched.Place.DESK
    remember(authority_id, shelf.query, shelf.found, place=place, secret=secret, only_known=True)
    return secret
