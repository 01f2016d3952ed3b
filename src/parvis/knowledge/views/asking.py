"""What people say of a search and of a sheet: not what I looked for; useful or not, and why."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.accounts.http import AgentRequest
from parvis.common import throttle
from parvis.common.errors import Busy
from parvis.common.http import client_address, not_stored, once, public, refuse, requires
from parvis.knowledge import actions, queries
from parvis.knowledge.models import Searched
from parvis.knowledge.remembering import search_secret
from parvis.organisations.http import authority_of_page, public_address

VOTES = throttle.Limit("sheet-vote", burst=10, seconds=60)  # for the whole network of a library
FIELD = "s"  # the name of the field; one value for one page, known to nobody else


def page_secret(request: HttpRequest) -> str:
    """Ties the letters typed on one page together; says nothing about the person."""
    return search_secret(request.GET.get(FIELD, ""))


@public
@require_POST
@once
def not_found(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The person says that nothing of it was what they looked for."""
    authority = authority_of_page(request, slug)
    actions.note_no(authority.pk, request.POST.get(FIELD, "")[:32])
    messages.success(request, _("Thank you: somebody here will see what is lacking."))
    return redirect(public_address(request, authority, "knowledge:search"))


@public
@require_POST
@once
def vote(request: HttpRequest, ref: str, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    sheet = queries.public_sheet(authority, ref)
    if sheet is None:
        raise Http404
    here = redirect(public_address(request, authority, "knowledge:sheet", ref))
    try:
        throttle.take(VOTES, client_address(request), now=timezone.now())
    except Busy as refusal:
        refuse(request, refusal)
        return not_stored(here)
    actions.vote(
        authority.pk,
        sheet,
        was_useful=request.POST.get("useful") == "yes",
        reason=request.POST.get("reason", ""),
        place=Searched.Place.PUBLIC.value,
        today=timezone.localdate(),
    )
    messages.success(request, _("Thank you: those who keep this sheet will read it."))
    return here


@requires("knowledge.read")
@require_POST
@once
def agent_vote(request: AgentRequest, ref: str) -> HttpResponse:
    sheet = queries.sheet_for(request.user, ref)
    if sheet is None:
        raise Http404
    actions.vote(
        request.user.authority_id,
        sheet,
        was_useful=request.POST.get("useful") == "yes",
        reason=request.POST.get("reason", ""),
        place=Searched.Place.DESK.value,
        today=timezone.localdate(),
    )
    messages.success(request, _("Thank you: those who keep this sheet will read it."))
    return redirect("knowledge:agent-sheet", ref)
