"""Sheets between authorities: what is offered to us, what we decided, what we offer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.common.http import next_address, not_stored, once, refuse, requires
from parvis.knowledge import actions, comparing, presentation, queries
from parvis.knowledge.forms.sharing import ShareForm, TakeBackForm
from parvis.knowledge.models import Adoption, Share, Sheet, SheetVersion
from parvis.knowledge.rules import sharing as rules

DECIDERS = ("knowledge.write", "knowledge.share")
SHARERS = (*queries.EDITORS, "knowledge.share")
LISTED = 300
OPEN, CHANGED, ADOPTED, IGNORED, ENDED, OURS = (
    "a-decider", "changees", "adoptees", "ecartees", "finies", "les-notres",
)  # fmt: skip
LISTS: dict[str, Callable[[Agent], QuerySet[Any]]] = {
    OPEN: queries.to_decide,
    CHANGED: queries.behind,
    ADOPTED: lambda agent: queries.decisions(agent, Adoption.State.ADOPTED),
    IGNORED: lambda agent: queries.decisions(agent, Adoption.State.IGNORED),
    ENDED: queries.ended,
    OURS: queries.own_shares,
}


@requires(*DECIDERS)
@require_GET
def listing(request: AgentRequest) -> HttpResponse:
    """What is offered to this house, what it decided, what it offers."""
    chosen = request.GET.get("liste", OPEN)
    chosen = chosen if chosen in LISTS else OPEN
    labels = {
        OPEN: _("To decide"),
        CHANGED: _("Changed since"),
        ADOPTED: _("Adopted"),
        IGNORED: _("Left aside"),
        ENDED: _("No longer shared"),
        OURS: _("Shared by us"),
    }
    tabs = [
        {
            "text": labels[one],
            "url": f"{request.path}?liste={one}",
            "current": one == chosen,
            "count": rows(request.user).count(),
        }
        for one, rows in LISTS.items()
    ]
    context = {
        "tabs": tabs,
        "chosen": chosen,
        "rows": LISTS[chosen](request.user)[:LISTED],
        "may_coordinate": request.user.may("knowledge.share"),
    }
    return render(request, "knowledge/sharing.html", context)


def _offer(request: AgentRequest, pk: int) -> Share:
    found = queries.share_for(request.user, pk)
    if found is None:
        raise Http404
    return found


@requires(*DECIDERS)
@require_GET
def offer(request: AgentRequest, pk: int) -> HttpResponse:
    """A sheet of another authority as it would be read here, and the three keys."""
    share = _offer(request, pk)
    adoption = queries.adoption_of(request.user, share.sheet)
    if adoption is not None and adoption.state == Adoption.State.ENDED:
        adoption = None
    rows = None
    if adoption is not None and adoption.version_id != share.sheet.current_id:
        rows = _changes(adoption.version, share.sheet)
    page = presentation.agent_page(
        share.sheet, authority_id=request.user.authority_id, today=timezone.localdate()
    )
    context = {
        "share": share,
        "sheet": share.sheet,
        "page": page,
        "level": 2,
        "adoption": adoption,
        "rows": rows,
        "may_write_together": queries.sits_in(request.user, share.workgroup),
    }
    return render(request, "knowledge/offer.html", context)


@requires(*DECIDERS)
@require_GET
def offer_of(request: AgentRequest, pk: int) -> HttpResponse:
    """The way from a sheet to one of its offers."""
    found = Share.objects.offered_to(request.user.authority_id).filter(sheet_id=pk)
    first = found.order_by("id").first()
    if first is None:
        raise Http404
    return redirect("knowledge:offer", first.pk)


def _changes(before: SheetVersion, sheet: Sheet) -> list[comparing.Row] | None:
    """What changed since somebody here looked, without the notes of its house."""
    if sheet.current is None:
        return None
    after = SheetVersion.objects.get(pk=sheet.current.pk)
    queries.keep_shared(before, after, today=timezone.localdate())
    return comparing.rows(before, after)


@requires(*DECIDERS)
@require_POST
@once
def decide(request: AgentRequest, pk: int) -> HttpResponse:
    """Adopt, adapt, ignore, or note the new words."""
    share = _offer(request, pk)
    sheet, agent, now = share.sheet, request.user, timezone.now()
    seen = get_object_or_404(SheetVersion, sheet=sheet, pk=_number(request, "seen"))
    wanted = request.POST.get("do", "")
    try:
        if wanted == "ignore":
            reason = request.POST.get("reason", "")
            actions.ignore(sheet, seen=seen, agent=agent, now=now, reason=reason)
            messages.success(request, _("Left aside: %(title)s.") % {"title": sheet.title})
            return redirect("knowledge:sharing")
        actions.adopt(sheet, seen=seen, agent=agent, now=now)
    except Refused as refusal:
        refuse(request, refusal)
        return not_stored(redirect("knowledge:offer", pk))
    if wanted == "adapt":
        messages.success(request, _("Adopted. Now lay your local words on it."))
        return redirect("knowledge:lay", sheet.ref)
    messages.success(request, _("“%(title)s” is read here.") % {"title": sheet.title})
    return redirect(next_address(request, reverse("knowledge:sharing")))


def _number(request: AgentRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


@requires(*DECIDERS)
@require_POST
@once
def settle(request: AgentRequest, pk: int) -> HttpResponse:
    """Somebody has read that a sheet is no longer shared."""
    adoption = get_object_or_404(Adoption.objects.visible_to(request.user), pk=pk)
    try:
        actions.settle_ended(adoption, agent=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(f"{reverse('knowledge:sharing')}?liste={ENDED}")


@requires(*SHARERS)
@once
def share(request: AgentRequest, ref: str) -> HttpResponse:
    """Where a sheet of ours is shared, and where it may be."""
    sheet = queries.own_sheet(request.user, ref)
    if sheet is None or sheet.current_id is None:
        raise Http404
    may_share = queries.may_share(request.user, sheet)
    form = ShareForm(request.POST or None, agent=request.user, sheet=sheet)
    if may_share and form.is_valid():
        try:
            actions.share_sheets(
                [sheet],
                form.cleaned_data["group"],
                agent=request.user,
                now=timezone.now(),
                workgroup=form.cleaned_data["workgroup"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The others of the group are asked to decide."))
            return redirect("knowledge:share", ref)
    context = {
        "sheet": sheet,
        "form": form,
        "may_share": may_share,
        "shares": queries.shares_of(sheet),
        "answers": queries.answers_for(request.user, sheet),
        "has_groups": form.fields["group"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return render(request, "knowledge/share.html", context)


@requires(*SHARERS)
@once
def take_back(request: AgentRequest, pk: int) -> HttpResponse:
    """Share a sheet no longer, and say what becomes of those who adopted it."""
    found = queries.own_share(request.user, pk)
    if found is None:
        raise Http404
    form = TakeBackForm(request.POST or None, initial={"fate": rules.KEEP})
    if form.is_valid():
        try:
            actions.take_back_share(
                found, agent=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The sheet is no longer shared there."))
            return redirect("knowledge:share", found.sheet.ref)
    adopters = queries.adopters_of(found)
    context = {"share": found, "form": form, "adopters": adopters}
    return render(request, "knowledge/take_back.html", context)
