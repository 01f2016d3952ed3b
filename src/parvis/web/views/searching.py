"""What a visitor asked and no sheet answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.knowledge.actions import note_no
from parvis.web.searched import SECRET
from parvis.web.views.gestures import back, gesture


@gesture
def not_found(request: AgentRequest) -> HttpResponse:
    """Nothing in the house answers this visitor: those who write will see what is lacking."""
    if note_no(request.user.authority_id, request.POST.get(SECRET, "")[:32]):
        messages.success(request, _("Noted: those who write the sheets will see what is lacking."))
    return back(request)
