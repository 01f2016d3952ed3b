"""Giving somebody the list of documents otherwise than on paper."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import next_address, not_stored, refuse
from parvis.knowledge import queries as knowledge
from parvis.queue import queries as queue
from parvis.web import giving, queries, suggested
from parvis.web.views.gestures import back, gesture, receiving_desk


@gesture
def send_documents(request: AgentRequest, ref: str) -> HttpResponse:
    sheet = queries.documents(request.user, ref, request.GET.dict())
    if sheet is None:
        raise Http404
    site = receiving_desk(request).site
    to = giving.send_documents(
        sheet, request.POST.get("to", ""), agent=request.user, site=site, now=timezone.now()
    )
    suggested.given(request, sheet.sheet)
    messages.success(request, _("The list of documents is on its way to %s.") % to)
    return back(request)


@gesture
def send_neighbour(request: AgentRequest, slug: str, ref: str) -> HttpResponse:
    """The answer of a neighbour with its contact, to the person at the desk or where they say."""
    sheet = knowledge.neighbours_sheet(request.user, slug, ref)
    if sheet is None or sheet.authority is None:
        raise Http404
    now = timezone.now()
    there = redirect(next_address(request, reverse("knowledge:neighbours")))
    try:
        desk = receiving_desk(request)
        present = queue.present_ticket(desk.pk)
        known = queries.reach_of(present) if present else ""
        to = giving.send_neighbour(
            sheet,
            knowledge.Contacts([sheet.authority], now).of_sheet(sheet),
            request.POST.get("to", "").strip() or known,
            agent=request.user,
            site=desk.site,
            now=now,
        )
    except Refused as refusal:
        refuse(request, refusal)
        return not_stored(there)
    messages.success(request, _("The contact is on its way to %s.") % to)
    return there
