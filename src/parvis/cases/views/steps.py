"""The steps of a protocol, ticked in a case."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.accounts.http import AgentRequest
from parvis.cases import actions
from parvis.cases.views.fetching import asks_why, case_of
from parvis.cases.views.portfolio import keep_shelf, shelf_of
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.knowledge import queries as knowledge


@requires("cases.act")
@once
@asks_why
@require_POST
def do_step(request: AgentRequest, reference: str) -> HttpResponse:
    found = case_of(request, reference)
    sheet = knowledge.protocol(request.user, request.POST.get("protocol", ""))
    if sheet is None or not request.user.may("protocols.read"):
        raise Http404
    step = request.POST.get("step", "")
    try:
        done = actions.do_step(
            found,
            sheet,
            step=int(step) if step.isascii() and step.isdecimal() and len(step) < 5 else 0,
            agent=request.user,
            now=timezone.now(),
            cause=request.POST.get("cause", ""),
            words=request.POST.get("words", ""),
        )
        if done.deviation:
            messages.success(request, _("Noted. It is looked at with the others of the month."))
    except Refused as refusal:
        refuse(request, refusal, typed=["words"])
    return _back(request, found.reference)


@requires("cases.act")
@once
@asks_why
@require_POST
def undo_step(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    step = get_object_or_404(found.steps.select_related("case__service"), pk=pk)
    try:
        actions.undo_step(step, agent=request.user)
    except Refused as refusal:
        refuse(request, refusal)
    return _back(request, found.reference)


def _back(request: AgentRequest, reference: str) -> HttpResponse:
    shelf = keep_shelf(shelf_of(request)).rstrip("&")
    here = reverse("cases:case", args=[reference])
    return redirect(f"{here}?{shelf}#protocoles" if shelf else f"{here}#protocoles")
