"""Where one works today."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts import actions, queries
from parvis.accounts.http import AgentRequest
from parvis.accounts.queries import DESK_KEY
from parvis.common.errors import Refused
from parvis.common.http import next_address, refuse, requires
from parvis.organisations.models import Desk

# The first page that this agent may open, when no desk is to be chosen.
_FIRST_PAGES = (
    ("queue.work", "web:workstation"),
    ("cases.act", "cases:portfolio"),
    ("quality.read", "quality:today"),
    ("settings.manage", "organisations:home"),
    ("knowledge.read", "knowledge:agent-search"),
)


@requires()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_desk(request: AgentRequest) -> HttpResponse:
    """The desks of the house, free and taken; colleagues without a desk go straight to work."""
    if request.method == "POST":
        return _choose(request)
    if not request.user.may("queue.work"):
        return redirect(first_page(request))
    context = {
        "sites": queries.places_by_site(
            request.user.authority, now=timezone.now(), usual=request.user.site
        ),
        "current": request.session.get(DESK_KEY),
        "usual": request.user.site_id,
        "next": next_address(request, ""),
    }
    return render(request, "accounts/desks.html", context)


@requires()
@require_safe
def begin(request: AgentRequest) -> HttpResponse:
    """Where one goes back to work from anywhere."""
    return redirect(first_page(request))


def first_page(request: AgentRequest) -> str:
    """The address of the page where this agent's work begins."""
    for capability, name in _FIRST_PAGES:
        if request.user.may(capability):
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
    return reverse("accounts:profile")


def _choose(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    after = next_address(request, "") or first_page(request)
    chosen = request.POST.get("desk", "")
    if not chosen:
        actions.leave_desk(agent=request.user, now=now)
        request.session.pop(DESK_KEY, None)
        messages.success(request, _("You work without a desk."))
        return redirect(after)
    desks = Desk.objects.visible_to(request.user).filter(is_active=True, site__is_active=True)
    desk = get_object_or_404(desks, pk=chosen if chosen.isdecimal() else 0)
    take_over = request.POST.get("take_over") == "yes"
    try:
        actions.choose_desk(desk, agent=request.user, now=now, take_over=take_over)
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("accounts:choose-desk")
    request.session[DESK_KEY] = desk.pk
    messages.success(request, _("You are at %(desk)s.") % {"desk": desk.label})
    return redirect(after)
