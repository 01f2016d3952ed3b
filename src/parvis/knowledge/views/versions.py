"""What a sheet said before: its versions, what changed from one to the next, and back again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.knowledge import actions, comparing, queries
from parvis.knowledge.models import Sheet, SheetVersion
from parvis.knowledge.views.editing import editor_address

SHOWN = 200


def _sheet(request: AgentRequest, ref: str) -> Sheet:
    found = queries.own_sheet(request.user, ref) or queries.sheet_for(request.user, ref)
    if found is None:
        raise Http404
    return found


def _version(sheet: Sheet, number: int) -> SheetVersion:
    found = SheetVersion.objects.filter(sheet=sheet, number=number).defer("raw").first()
    if found is None:
        raise Http404
    return found


@requires("knowledge.read")
@require_GET
def listing(request: AgentRequest, ref: str) -> HttpResponse:
    sheet = _sheet(request, ref)
    versions = SheetVersion.objects.filter(sheet=sheet).defer("raw", "blocks", "text")
    context = {
        "sheet": sheet,
        "versions": versions.order_by("-number")[:SHOWN],
        "reviews": queries.reviews_of(sheet)[:SHOWN],
    }
    return render(request, "knowledge/versions.html", context)


@requires("knowledge.read")
@require_GET
def version(request: AgentRequest, ref: str, number: int) -> HttpResponse:
    """One version beside the one before it, or beside another (``?avec=``)."""
    sheet = _sheet(request, ref)
    after = _version(sheet, number)
    asked = request.GET.get("avec", "")
    other = int(asked) if asked.isdecimal() and len(asked) < 9 else number - 1
    before = _version(sheet, other) if other > 0 and other != number else None
    if before and before.number > after.number:
        before, after = after, before
    asked_for = _version(sheet, number)
    if sheet.authority_id not in {None, request.user.authority_id}:
        queries.keep_shared(before, after, asked_for, today=timezone.localdate())
    rights = queries.rights(request.user, sheet)
    context = {
        "sheet": sheet,
        "version": after,
        "before": before,
        "asked": asked_for,
        "rows": comparing.rows(before, after),
        "may_restore": number != (sheet.current.number if sheet.current else 0) and rights.propose,
        "at_once": rights.validate and sheet.state == Sheet.State.PUBLISHED,
    }
    return render(request, "knowledge/version.html", context)


@requires(*queries.EDITORS)
@require_POST
@once
def restore(request: AgentRequest, ref: str, number: int) -> HttpResponse:
    """Say again what an older version said, as a new version or as a draft."""
    sheet = queries.own_sheet(request.user, ref)
    if sheet is None:
        raise Http404
    old = _version(sheet, number)
    try:
        again = actions.restore_version(sheet, old, agent=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:version", ref, number)
    if isinstance(again, SheetVersion):
        words = {"old": number, "new": again.number}
        messages.success(request, _("Version %(old)d is read again, as version %(new)d.") % words)
        return redirect("knowledge:agent-sheet", ref)
    messages.success(request, _("The old words are in your draft: look at them and propose them."))
    return redirect(editor_address(again))
