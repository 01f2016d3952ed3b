"""What a search leaves behind: no name, masked words; and whether a sheet was useful."""

import logging
import secrets

from django.contrib import messages
from django.db import DatabaseError
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
from parvis.knowledge.rules import finding as rules
from parvis.knowledge.search import Found, index
from parvis.knowledge.search.words import question_stems, stem
from parvis.organisations.http import authority_of_page, public_address

log = logging.getLogger(__name__)
VOTES = throttle.Limit("sheet-vote", burst=10, seconds=60)  # for the whole network of a library
FIELD = "s"  # the name of the field; one value for one page, known to nobody else


def page_secret(request: HttpRequest) -> str:
    """Ties the letters typed on one page together; says nothing about the person."""
    given = request.GET.get(FIELD, "")
    return given if given.isalnum() and len(given) == 32 else secrets.token_hex(16)


def remember(
    authority_id: int, question: str, found: Found, *, place: Searched.Place, secret: str
) -> None:
    """Keep what was looked for; a search is never refused because this could not be done."""
    speller = index.current().speller
    words = rules.masked(question, lambda word: bool(speller.frequency(stem(word))))
    noted = rules.Noted(
        place=place.value,
        words=words,
        stems=" ".join(sorted(question_stems(words))),
        found=min(len(found.results), 100),
        was_answered=found.answered,
    )
    try:
        actions.note_search(authority_id, noted, secret=secret, today=timezone.localdate())
    except DatabaseError:
        log.exception("a search could not be remembered")


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
