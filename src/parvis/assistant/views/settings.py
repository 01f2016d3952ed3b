"""Settings: the assistant on or off, how sure it must be, and where it is shown."""

from html import escape

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.accounts.http import AgentRequest
from parvis.assistant import actions, queries
from parvis.assistant.forms import SetupForm
from parvis.assistant.forms.embedding import FrameForm
from parvis.common.http import once, requires
from parvis.organisations.http import published_address
from parvis.organisations.models import Topic


@requires("settings.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def settings(request: AgentRequest) -> HttpResponse:
    authority = request.user.authority
    kept = queries.settings_of(authority)
    initial = {
        "is_on": kept.is_on,
        "origins": "\n".join(kept.origins),
    }
    form = SetupForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.set_up(request.user, **form.cleaned_data)
        messages.success(request, _("The settings of the assistant are kept."))
        return redirect("assistant:settings")
    topics = Topic.objects.filter(authority=authority, is_active=True).order_by("name")
    frame_form = FrameForm(_asked(request), topics=topics)
    frame = published_address(authority, "web:assistant-frame")
    context = {
        "form": form,
        "frame_form": frame_form,
        "origins": kept.origins,
        "is_fitted": kept.threshold is None,
        "threshold": queries.threshold_of(authority),
        "page": published_address(authority, "web:assistant"),
        "frame": frame_form.address(frame),
        "frame_words": escape(frame_form.address(frame)),  # as it stands in another page
        "host": "/".join(frame.split("/")[:3]),
        "topics": topics,
    }
    status = 422 if form.is_bound else 200
    return render(request, "assistant/settings.html", context, status=status)


def _asked(request: AgentRequest) -> QueryDict | None:
    """The look of a frame that was asked for; it is shown, and kept nowhere."""
    return request.GET if "theme" in request.GET else None
