"""The team and its cases, in the order of the alphabet: a load is no rank."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts import queries as accounts
from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.views.portfolio import whole_rows
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.organisations.models import Service


@requires("cases.assign")
@require_safe
def team(request: AgentRequest) -> HttpResponse:
    agent, now, today = request.user, timezone.now(), timezone.localdate()
    services = queries.services_steered(agent, agent.service_id)
    service = _chosen(request, services)
    context: dict[str, Any] = {"services": services, "service": service, "today": today}
    if service is not None:
        away = queries.cases_of_absent([service.pk], today)
        context |= {
            "team": queries.team(service, today),
            "may_manage": agent.may("cases.manage"),
            "away": [(absence, whole_rows(cases, now)) for absence, cases in away],
            "left": queries.left_behind([service.pk])[:500],
        }
    return render(request, "cases/team.html", context)


def _chosen(request: AgentRequest, services: list[Service]) -> Service | None:
    wanted = request.GET.get("service", "")
    if wanted:
        found = next((one for one in services if str(one.pk) == wanted), None)
        if found is None:
            raise Http404
        return found
    own = next((one for one in services if one.pk == request.user.service_id), None)
    return own or next(iter(services), None)


@requires("cases.manage")
@once
@require_POST
def cap(request: AgentRequest) -> HttpResponse:
    services = queries.services_steered(request.user, request.user.service_id)
    service = next((s for s in services if str(s.pk) == request.POST.get("service")), None)
    if service is None:
        raise Http404
    wanted, typed = request.POST.get("agent", ""), request.POST.get("most", "").strip()
    agent = None
    if wanted:
        colleagues = accounts.agents_of(service)
        agent = get_object_or_404(colleagues, pk=wanted if wanted.isdecimal() else 0)
    try:
        if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 6):
            raise Refused(_("Write a number of cases, or leave it empty for no limit."))
        most = int(typed) if typed else None
        actions.set_cap(service, actor=request.user, most=most, agent=agent)
        messages.success(request, _("Noted: beyond that, one more case needs a reason."))
    except Refused as refusal:
        refuse(request, refusal, typed=["most"])
    return redirect(f"{reverse('cases:team')}?service={service.pk}")
