"""One key: what lay ready was useful, or was not."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.assistant.actions import suggesting
from parvis.assistant.models import Suggestion
from parvis.web.views.gestures import back, gesture


@gesture
def opinion(request: AgentRequest, suggestion_id: int) -> HttpResponse:
    """What an agent says of what they were shown themselves."""
    rows = Suggestion.objects.visible_to(request.user).filter(agent=request.user)
    helpful = request.POST.get("helpful") == "yes"
    suggesting.judge_suggestion(get_object_or_404(rows, pk=suggestion_id), helpful=helpful)
    messages.info(request, _("Noted: useful.") if helpful else _("Noted: not useful."))
    return back(request)
