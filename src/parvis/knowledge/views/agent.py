"""Sheets and search at the desk: the whole sheet, every block marked with who may hear it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common.http import requires
from parvis.knowledge import presentation, queries, search
from parvis.knowledge.models import Searched, Sheet, SheetDraft
from parvis.knowledge.remembering import remember
from parvis.knowledge.rules import sharing
from parvis.knowledge.views import asking, keeping, overlays
from parvis.organisations.models import Service

LONGEST = 2000
BROWSED = 100


def _is_fragment(request: AgentRequest) -> bool:
    """Another page (the workstation, or this one while somebody types) takes in a part of us."""
    return bool(request.htmx) and request.htmx.target is not None


@requires("knowledge.read")
def find(request: AgentRequest) -> HttpResponse:
    authority_id = request.user.authority_id
    question = request.GET.get("q", "").strip()[:LONGEST]
    secret, found = asking.page_secret(request), None
    if question:
        filters = _filters(request)
        found = search.find(question, authority_id=authority_id, public_only=False, filters=filters)
        remember(authority_id, question, found, place=Searched.Place.DESK, secret=secret)
    own = [] if found else list(queries.own_sheets(request.user)[:BROWSED])
    today = timezone.localdate()
    rows = [
        {
            "sheet": sheet,
            "stale": sheet.is_stale(today),
            "owner": queries.owner_name(sheet, authority_id),
        }
        for sheet in own
    ]
    fragment = _is_fragment(request)
    context = {
        "question": question,
        "found": found,
        "own": rows,
        "is_fragment": fragment,
        "secret": secret,
        "services": Service.objects.filter(authority_id=authority_id),
        "chosen": {name: request.GET.get(name, "") for name in ("service", "niveau")},
        "may_write": any(map(request.user.may, queries.EDITORS)),
        "may_protocols": request.user.may("protocols.read"),
        "may_decide": sharing.may_decide(request.user.may),
        "may_place": request.user.may("knowledge.write"),
    }
    page = "knowledge/_agent_results.html" if fragment else "knowledge/agent_search.html"
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _filters(request: AgentRequest) -> search.Filters:
    service, level = request.GET.get("service", ""), request.GET.get("niveau", "")
    return search.Filters(
        kind=request.GET.get("genre", "")[:60],
        service_id=int(service) if service.isascii() and service.isdigit() else None,
        is_public={"public": True, "interne": False}.get(level),
    )


@requires("knowledge.read")
def sheet(request: AgentRequest, ref: str) -> HttpResponse:
    found = queries.sheet_for(request.user, ref)
    if found is None and (draft := _first_draft(request, ref)):
        return redirect("knowledge:draft", draft.pk)
    is_withdrawn = found is not None and found.state == Sheet.State.ARCHIVED
    moved = None
    if found is None or is_withdrawn:
        moved = queries.successor(ref, authority_id=request.user.authority_id)
    if found is None and moved is not None and moved.ref:
        return redirect("knowledge:agent-sheet", moved.ref)
    if found is None and (left := queries.left_here(request.user.authority_id, ref)):
        words = {"ref": ref, "owner": left.sheet.authority}
        messages.warning(request, _("%(owner)s no longer shares %(ref)s with your house.") % words)
        return redirect("knowledge:agent-search")
    page = found and presentation.agent_page(
        found,
        authority_id=request.user.authority_id,
        today=timezone.localdate(),
        answers=request.GET.dict(),
    )
    if not page:
        raise Http404
    if page.sheet.nature == Sheet.Nature.PROTOCOL and request.user.may("protocols.read"):
        return redirect("knowledge:protocol", page.sheet.ref)
    fragment = _is_fragment(request)
    name = "knowledge/_agent_sheet.html" if fragment else "knowledge/agent_sheet.html"
    # Inside another page the title is a second-level heading, and blocks are one below.
    context: dict[str, Any] = {
        "page": page,
        "level": 2 if fragment else 1,
        "successor": moved,
        "citations": queries.citations_of(page.sheet, request.user.authority_id),
        "may_cite": request.user.may("knowledge.write"),
    }
    if not fragment and page.sheet.authority_id == request.user.authority_id:
        context["life"] = keeping.life_of(request.user, page.sheet)
    elif not fragment and page.sheet.state == Sheet.State.PUBLISHED:
        context["between"] = overlays.between(request.user, page.sheet)
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _first_draft(request: AgentRequest, ref: str) -> SheetDraft | None:
    """A sheet that nobody reads yet is found by whoever may write."""
    own = queries.own_sheet(request.user, ref)
    if own is None or not queries.rights(request.user, own).propose:
        return None
    return next(iter(queries.open_drafts(own)), None)
