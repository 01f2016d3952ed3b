"""Local words over national and shared sheets: what is laid, what is to be looked at again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, refuse, requires
from parvis.knowledge import actions, comparing, lightmark, markup, queries
from parvis.knowledge.forms.overlays import OverlayForm
from parvis.knowledge.models import Overlay, Sheet, SheetVersion
from parvis.knowledge.presentation import HEADINGS
from parvis.knowledge.rules import overlays

LISTED = 200
EXCERPT = 70


def _others_sheet(request: AgentRequest, ref: str) -> Sheet:
    """A sheet that this house reads and somebody else wrote."""
    found = queries.sheet_for(request.user, ref)
    is_own = found is not None and found.authority_id == request.user.authority_id
    if found is None or is_own or found.state != Sheet.State.PUBLISHED:
        raise Http404
    return found


@requires("knowledge.read")
@require_GET
def listing(request: AgentRequest, ref: str) -> HttpResponse:
    """Every place of a sheet with the local words laid there, and what became of them."""
    sheet = _others_sheet(request, ref)
    laid = list(queries.overlays_of(request.user, sheet))
    context = {
        "sheet": sheet,
        "owner": queries.owner_name(sheet, request.user.authority_id),
        "rows": [comparing.under(one) for one in laid],
        "edits": queries.edits_of(request.user, sheet)[:LISTED],
        "may_lay": request.user.may("knowledge.write"),
    }
    return render(request, "knowledge/overlays.html", context)


@requires("knowledge.write")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def lay(request: AgentRequest, ref: str) -> HttpResponse:
    """Lay local words at one place of a sheet."""
    sheet = _others_sheet(request, ref)
    seen = _seen(request, sheet)
    initial = {"position": request.GET.get("bloc", "0"), "act": request.GET.get("geste", "after")}
    form = OverlayForm(request.POST or None, initial=initial, places=_places(request, sheet, seen))
    if form.is_valid():
        try:
            actions.lay(sheet, form.words(), seen=seen, agent=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your words are on the sheet, for your house alone."))
            return redirect("knowledge:agent-sheet", ref)
    return render(request, "knowledge/overlay.html", _context(request, sheet, seen, form))


@requires("knowledge.write")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: AgentRequest, pk: int) -> HttpResponse:
    """Say local words otherwise, beside the text that changed below them."""
    overlay = _overlay(request, pk)
    sheet = overlay.sheet
    seen = _seen(request, sheet)
    form = OverlayForm(
        request.POST or None, initial=_initial(overlay, seen), places=_places(request, sheet, seen)
    )
    if form.is_valid():
        try:
            actions.change_overlay(
                overlay, form.words(), seen=seen, agent=request.user, now=timezone.now(),
                revision=_number(request.POST.get("revision", "")),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your words are on the sheet, for your house alone."))
            return redirect("knowledge:overlays", sheet.ref)
    context = {**_context(request, sheet, seen, form), "row": comparing.under(overlay)}
    return render(request, "knowledge/overlay.html", context)


@requires("knowledge.read")
@require_GET
def worklist(request: AgentRequest) -> HttpResponse:
    """Local words over a text that changed, and all the others."""
    to_check = [comparing.under(one) for one in queries.overlays_to_check(request.user)[:LISTED]]
    names = {row.overlay.pk for row in to_check}
    others = [one for one in queries.all_overlays(request.user)[:LISTED] if one.pk not in names]
    context = {
        "rows": to_check,
        "others": others,
        "may_lay": request.user.may("knowledge.write"),
    }
    return render(request, "knowledge/overlays_to_check.html", context)


@requires("knowledge.write")
@require_POST
@once
def confirm(request: AgentRequest, pk: int) -> HttpResponse:
    """Still right over the text of today: one key."""
    overlay = _overlay(request, pk)
    back = next_address(request, reverse("knowledge:overlays-to-check"))
    try:
        actions.confirm_overlay(
            overlay, seen=_seen(request, overlay.sheet), agent=request.user, now=timezone.now()
        )
        messages.success(request, _("Still right: noted."))
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:overlay", pk)
    return redirect(back)


@requires("knowledge.write")
@require_POST
@once
def remove(request: AgentRequest, pk: int) -> HttpResponse:
    """Take local words away, or lay them again (``?remettre``)."""
    overlay = _overlay(request, pk)
    try:
        if request.GET.get("remettre"):
            actions.bring_overlay_back(overlay, agent=request.user, now=timezone.now())
            messages.success(request, _("Your words are on the sheet again."))
        else:
            actions.remove_overlay(overlay, agent=request.user, now=timezone.now())
            undo = f"{reverse('knowledge:overlay-remove', args=[pk])}?remettre=1"
            messages.success(request, _("Your words are taken away."), extra_tags=f"undo:{undo}")
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:overlays", overlay.sheet.ref)


def _overlay(request: AgentRequest, pk: int) -> Overlay:
    found = queries.overlay_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _seen(request: AgentRequest, sheet: Sheet) -> SheetVersion:
    """The text that was on the screen; on a first look the one of today."""
    asked = _number(request.POST.get("seen", ""))
    found = SheetVersion.objects.filter(sheet=sheet, pk=asked).defer("raw").first()
    found = found or sheet.current
    if found is None:
        raise Http404
    return found


def _places(request: AgentRequest, sheet: Sheet, seen: SheetVersion) -> list[tuple[int, str]]:
    spots = queries.spots(
        sheet, request.user.authority_id, today=timezone.localdate(), version=seen
    )
    return [(spot.position, _place_name(spot)) for spot in spots]


def _place_name(spot: queries.Spot) -> str:
    if spot.position == overlays.SHORT:
        return f"{HEADINGS[overlays.SHORT_KIND]} : {_excerpt(spot.words)}"
    if spot.block is None:
        return _("At the top, under the short answer")
    name = spot.block["title"] or str(HEADINGS.get(spot.block["kind"], _("Part")))
    return f"{spot.position}. {name} : {_excerpt(markup.words(spot.block['html']))}"


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words[:EXCERPT].rsplit(" ", 1)[0] + "…" if len(words) > EXCERPT else words


def _initial(overlay: Overlay, seen: SheetVersion) -> dict[str, Any]:
    try:
        position = actions.position_in(overlay, seen)
    except Refused:
        position = overlays.TOP
    return {
        "position": position,
        "act": overlay.act,
        "kind": overlay.kind if overlay.kind in overlays.KINDS else "explanation",
        "title": overlay.title,
        "text": lightmark.to_text(overlay.html),
        "level": overlay.level,
        "until": overlay.until,
        "note": overlay.note,
    }


def _context(
    request: AgentRequest, sheet: Sheet, seen: SheetVersion, form: OverlayForm
) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "seen": seen,
        "form": form,
        "owner": queries.owner_name(sheet, request.user.authority_id),
    }


def between(agent: Agent, sheet: Sheet) -> dict[str, Any]:
    """What this house did with a sheet of somebody else, for its page."""
    laid = list(queries.overlays_of(agent, sheet))
    return {
        "laid": len(laid),
        "to_check": sum(one.is_to_check for one in laid),
        "may_lay": agent.may("knowledge.write"),
    }
