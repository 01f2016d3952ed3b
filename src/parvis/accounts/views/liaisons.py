"""The network of liaisons: who is asked in each service, and who is there."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts import actions, queries
from parvis.accounts.forms.liaisons import LiaisonForm, OutForm
from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent, Liaison
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires


@requires("directory.read")
@require_safe
def network(request: AgentRequest) -> HttpResponse:
    return render(request, "accounts/network.html", _network(request, OutForm()))


def _network(request: AgentRequest, form: OutForm) -> dict[str, Any]:
    now = timezone.now()
    services = queries.network(request.user.authority, timezone.localdate(now))
    rows = [
        (
            one,
            [
                (row, queries.is_out(row.agent, now), queries.absent_until(row.agent, now))
                for row in one.liaisons
            ],
        )
        for one in services
    ]
    return {
        "rows": rows,
        "form": form,
        "is_out": queries.is_out(request.user, now),
        "absent_until": queries.absent_until(request.user, now),
        "said": getattr(request.user, "presence", None),
        "may_manage": request.user.may("staff.manage"),
    }


@requires("directory.read")
@require_POST
@once
def presence(request: AgentRequest) -> HttpResponse:
    """Out or back, by oneself; the head of reception also says it for a colleague who is ill."""
    agent, now = _who(request), timezone.now()
    if request.POST.get("here"):
        actions.come_in(agent, now=now)
        messages.success(request, _("%s: here again.") % agent.display_name)
        return redirect("accounts:network")
    form = OutForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/network.html", _network(request, form), status=422)
    try:
        zone = ZoneInfo(agent.site.timezone if agent.site else settings.TIME_ZONE)
        actions.go_out(agent, now=now, back_at=form.back_at(now, zone))
        messages.success(request, _("%s: out. New questions go to somebody else.") % agent)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("accounts:network")


def _who(request: AgentRequest) -> Agent:
    given = request.POST.get("agent", "")
    if not given or given == str(request.user.pk):
        return request.user
    if not request.user.may("staff.manage"):
        raise PermissionDenied
    agents = Agent.objects.visible_to(request.user).at_work()
    found: Agent = get_object_or_404(agents, pk=given if given.isdecimal() else 0)
    return found


@requires("staff.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def liaisons(request: AgentRequest) -> HttpResponse:
    form = LiaisonForm(request.POST or None, actor=request.user)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.name_liaison(
                given["service"],
                given["agent"],
                rank=given["rank"],
                since=given["since"],
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Named. Questions of the desks come to them from now on."))
            return redirect("accounts:liaisons")
    services = queries.network(request.user.authority, timezone.localdate())
    status = 422 if request.method == "POST" else 200
    context = {
        "services": services,
        "form": form,
        "reads_directory": request.user.may("directory.read"),
    }
    return render(request, "accounts/liaisons.html", context, status=status)


@requires("staff.manage")
@require_POST
@once
def end(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Liaison.objects.visible_to(request.user), pk=pk)
    actions.end_liaison(found, actor=request.user, on=timezone.localdate())
    messages.success(request, _("Ended. Questions go to the others of this service."))
    return redirect("accounts:liaisons")
