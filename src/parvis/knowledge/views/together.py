"""A workgroup writes a shared sheet: its parts in one form, proposed to the house that owns it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, requires
from parvis.knowledge import actions, lightmark, queries
from parvis.knowledge.actions import Together
from parvis.knowledge.forms.overlays import KIND_CHOICES
from parvis.knowledge.models import Share, SheetVersion
from parvis.knowledge.presentation import HEADINGS
from parvis.knowledge.rules import overlays, sharing

LONGEST = 20_000


@requires(*queries.EDITORS, "knowledge.share")
@once
def write(request: AgentRequest, pk: int) -> HttpResponse:
    """Write the parts of a shared sheet that all houses read, and propose them."""
    share = _share(request, pk)
    seen = _seen(request, share)
    problem = ""
    if request.method == "POST":
        try:
            actions.propose_together(
                share, _typed(request, seen), seen=seen, agent=request.user, now=timezone.now()
            )
        except Refused as refusal:
            problem = str(refusal.message)
        else:
            owner = share.sheet.authority
            messages.success(
                request, _("Proposed to %(owner)s.") % {"owner": owner.name if owner else ""}
            )
            return redirect("knowledge:workgroup", share.workgroup_id)
    context = {
        "share": share,
        "sheet": share.sheet,
        "seen": seen,
        "parts": _parts(request, seen),
        "short_answer": request.POST.get("short_answer", seen.short_answer),
        "added": request.POST.get("added", ""),
        "reason": request.POST.get("reason", ""),
        "kinds": KIND_CHOICES,
        "problem": problem,
    }
    return render(request, "knowledge/together.html", context)


def _share(request: AgentRequest, pk: int) -> Share:
    rows = (
        Share.objects.active()
        .filter(pk=pk)
        .select_related("sheet__current", "sheet__authority", "workgroup__group")
    )
    found = rows.first()
    if found is None or not queries.sits_in(request.user, found.workgroup):
        raise Http404
    return found


def _seen(request: AgentRequest, share: Share) -> SheetVersion:
    asked = request.POST.get("seen", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        return get_object_or_404(SheetVersion, sheet=share.sheet, pk=int(asked))
    if share.sheet.current is None:
        raise Http404
    return share.sheet.current


def _parts(request: AgentRequest, seen: SheetVersion) -> list[dict[str, object]]:
    """The parts that cross, as they are typed."""
    today = timezone.localdate()
    return [
        {
            "number": number,
            "heading": block["title"] or str(HEADINGS.get(block["kind"], _("Part"))),
            "text": request.POST.get(f"part-{number}", lightmark.to_text(block["html"])),
        }
        for number, block in enumerate(seen.blocks, start=1)
        if sharing.crosses(block, today)
    ]


def _typed(request: AgentRequest, seen: SheetVersion) -> Together:
    kind = request.POST.get("added_kind", "")
    return Together(
        short_answer=request.POST.get("short_answer", "")[:LONGEST],
        texts={
            number: request.POST[f"part-{number}"][:LONGEST]
            for number in range(1, len(seen.blocks) + 1)
            if f"part-{number}" in request.POST
        },
        added=request.POST.get("added", "")[:LONGEST],
        added_kind=kind if kind in overlays.KINDS else "explanation",
        reason=request.POST.get("reason", ""),
    )
