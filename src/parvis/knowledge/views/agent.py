"""Sheets and search at the desk: the whole sheet, every block marked with who may hear it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from parvis.common.http import ActorRequest, requires
from parvis.knowledge import presentation, queries, search
from parvis.knowledge.models import Sheet

LONGEST = 500
BROWSED = 100


def _is_fragment(request: ActorRequest) -> bool:
    """Another page (the workstation, or this one while somebody types) takes in a part of us."""
    return bool(request.htmx) and request.htmx.target is not None


@requires("knowledge.read")
def find(request: ActorRequest) -> HttpResponse:
    authority_id = request.user.authority_id
    question = request.GET.get("q", "").strip()[:LONGEST]
    found = None
    if question:
        found = search.find(question, authority_id=authority_id, public_only=False)
    own = [] if found else list(queries.own_sheets(request.user)[:BROWSED])
    today = timezone.localdate()
    rows = [{"sheet": sheet, "stale": sheet.is_stale(today)} for sheet in own]
    fragment = _is_fragment(request)
    context = {
        "question": question,
        "found": found,
        "own": rows,
        "is_fragment": fragment,
        "may_place": request.user.may("knowledge.write"),
    }
    page = "knowledge/_agent_results.html" if fragment else "knowledge/agent_search.html"
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@requires("knowledge.read")
def sheet(request: ActorRequest, ref: str) -> HttpResponse:
    found = queries.sheet_for(request.user, ref)
    is_withdrawn = found is not None and found.state == Sheet.State.ARCHIVED
    moved = None
    if found is None or is_withdrawn:
        moved = queries.successor(ref, authority_id=request.user.authority_id)
    if found is None and moved is not None and moved.ref:
        return redirect("knowledge:agent-sheet", moved.ref)
    page = found and presentation.agent_page(
        found,
        authority_id=request.user.authority_id,
        today=timezone.localdate(),
        answers=request.GET.dict(),
    )
    if not page:
        raise Http404
    fragment = _is_fragment(request)
    name = "knowledge/_agent_sheet.html" if fragment else "knowledge/agent_sheet.html"
    # Inside another page the title is a second-level heading, and blocks are one below.
    context = {"page": page, "level": 2 if fragment else 1, "successor": moved}
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
