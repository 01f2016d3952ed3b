"""Giving somebody the list of documents otherwise than on paper."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.web import giving, queries
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
    messages.success(request, _("The list of documents is on its way to %s.") % to)
    return back(request)
