"""Days away: one's own, those of one's service, and for the head of reception everybody's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts import actions, queries
from parvis.accounts.forms.absences import AbsenceForm
from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Absence, Agent
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires


@requires("own.read")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def absences(request: AgentRequest) -> HttpResponse:
    agent, today = _whose(request), timezone.localdate()
    form = AbsenceForm(request.POST or None, agent=agent, today=today)
    if form.is_valid():
        try:
            actions.say_absence(agent, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Noted. It ends by itself after the last day."))
            return redirect(_address(request, agent))
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/absences.html", _page(request, agent, form), status=status)


def _page(request: AgentRequest, agent: Agent, form: AbsenceForm) -> dict[str, Any]:
    today, manages = timezone.localdate(), request.user.may("staff.manage")
    team = _team(request)
    others = queries.absences_to_come(team.exclude(pk=agent.pk), today)
    return {
        "agent": agent,
        "is_self": agent == request.user,
        "form": form,
        "own": queries.absences_to_come(Agent.objects.filter(pk=agent.pk), today),
        "others": others[:200],
        "manages": manages,
        "colleagues": team if manages else [],
        "today": today,
    }


def _team(request: AgentRequest) -> QuerySet[Agent]:
    """Everybody for the head of reception; for others, their own service."""
    user = request.user
    if user.may("staff.manage"):
        return queries.colleagues_of(user.authority)
    return queries.agents_of(user.service) if user.service else Agent.objects.none()


def _whose(request: AgentRequest) -> Agent:
    given = request.POST.get("agent") or request.GET.get("agent") or ""
    if not given or given == str(request.user.pk):
        return request.user
    if not request.user.may("staff.manage"):
        raise PermissionDenied
    agents = Agent.objects.visible_to(request.user).at_work().select_related("entry", "service")
    found: Agent = get_object_or_404(agents, pk=given if given.isdecimal() else 0)
    return found


@requires("own.read")
@require_POST
@once
def end(request: AgentRequest, pk: int) -> HttpResponse:
    rows = Absence.objects.visible_to(request.user).select_related("agent__entry")
    found = get_object_or_404(rows, pk=pk)
    try:
        actions.end_absence(found, actor=request.user, on=timezone.localdate())
        messages.success(request, _("%s: here again.") % found.agent.display_name)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(_address(request, found.agent))


def _address(request: AgentRequest, agent: Agent) -> str:
    own = reverse("accounts:absences")
    is_own = agent == request.user or not request.user.may("staff.manage")
    return own if is_own else f"{own}?agent={agent.pk}"
