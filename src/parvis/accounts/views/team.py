"""The team: accounts, roles, skills, keys of programs."""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts import actions, rules, sessions
from parvis.accounts.forms.team import AgentForm, SkillsForm
from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent, RoleGrant
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires

_SAFE_AND_POST = ["GET", "HEAD", "POST"]
_manages_staff = requires("staff.manage")


def _colleagues(request: AgentRequest) -> QuerySet[Agent]:
    """Everybody of the authority with an account; the doubles of programs have their own page."""
    agents: QuerySet[Agent] = Agent.objects.visible_to(request.user).filter(is_robot=False)
    return agents.select_related("entry", "service", "site", "authority").prefetch_related(
        Prefetch("grants", RoleGrant.objects.order_by("role"))
    )


@_manages_staff
@require_GET
def team(request: AgentRequest) -> HttpResponse:
    agents = _colleagues(request).order_by("-is_active", "entry__last_name", "username")
    return render(request, "accounts/team.html", {"agents": agents, "now": timezone.now()})


@_manages_staff
@require_http_methods(_SAFE_AND_POST)
@once
def add(request: AgentRequest) -> HttpResponse:
    form = AgentForm(request.POST or None, actor=request.user)
    if form.is_valid():
        try:
            made = actions.create_agent(
                request.user.authority,
                actor=request.user,
                roles=form.granted(),
                **form.details(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _hand_over(request, made)
    return render(request, "accounts/agent_new.html", {"form": form})


@_manages_staff
@require_http_methods(_SAFE_AND_POST)
def change(request: AgentRequest, pk: int) -> HttpResponse:
    agent = get_object_or_404(_colleagues(request), pk=pk)
    form = AgentForm(request.POST or None, actor=request.user, instance=agent)
    if form.is_valid():
        try:
            actions.update_agent(
                agent,
                actor=request.user,
                roles=form.granted(),
                now=timezone.now(),
                **form.details(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The account is changed; it holds at once."))
            return redirect("accounts:agent", pk)
    return _agent_page(request, agent, form, SkillsForm(actor=request.user, agent=agent))


@_manages_staff
@require_POST
def skills(request: AgentRequest, pk: int) -> HttpResponse:
    agent = get_object_or_404(_colleagues(request), pk=pk)
    form = SkillsForm(request.POST, actor=request.user, agent=agent)
    if not form.is_valid():
        return _agent_page(request, agent, AgentForm(actor=request.user, instance=agent), form)
    try:
        actions.set_skills(agent, form.levels(), actor=request.user, on=timezone.localdate())
        messages.success(request, _("The skills are noted."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("accounts:agent", pk)


Step = Callable[[AgentRequest, Agent], HttpResponse]


def _one_step(step: Step) -> Callable[..., HttpResponse]:
    """A button on the page of a colleague: POST, done once, back to the page."""

    @_manages_staff
    @require_POST
    @once
    @wraps(step)
    def view(request: AgentRequest, pk: int) -> HttpResponse:
        agent = get_object_or_404(_colleagues(request), pk=pk)
        try:
            return step(request, agent)
        except Refused as refusal:
            refuse(request, refusal)
            return redirect("accounts:agent", pk)

    return view


@_one_step
def deactivate(request: AgentRequest, agent: Agent) -> HttpResponse:
    actions.deactivate(agent, actor=request.user, now=timezone.now())
    messages.success(request, _("The account is closed; its sessions have ended."))
    return redirect("accounts:agent", agent.pk)


@_one_step
def reactivate(request: AgentRequest, agent: Agent) -> HttpResponse:
    return _hand_over(request, actions.reactivate(agent, actor=request.user))


@_one_step
def reset_password(request: AgentRequest, agent: Agent) -> HttpResponse:
    return _hand_over(request, actions.reset_password(agent, actor=request.user))


@_one_step
def reset_second_factor(request: AgentRequest, agent: Agent) -> HttpResponse:
    actions.reset_second_factor(agent, actor=request.user)
    messages.success(request, _("The second factor is removed: the password alone signs in."))
    return redirect("accounts:agent", agent.pk)


def _hand_over(request: AgentRequest, made: actions.Created) -> HttpResponse:
    sessions.show_once(request.session, agent=str(made.agent.pk), password=made.password)
    return redirect("accounts:agent", made.agent.pk)


def _agent_page(
    request: AgentRequest, agent: Agent, form: AgentForm, skills_form: SkillsForm
) -> HttpResponse:
    shown = sessions.take_shown_once(request.session) if request.method == "GET" else {}
    held = [grant.role for grant in agent.grants.all()]
    context = {
        "agent": agent,
        "form": form,
        "skills_form": skills_form,
        "password": shown.get("password") if shown.get("agent") == str(agent.pk) else None,
        "is_self": agent == request.user,
        "may_manage": rules.may_manage(request.user.capabilities, held),
        "has_factor": Authenticator.objects.filter(user_id=agent.pk).exists(),
    }
    return render(request, "accounts/agent.html", context)
