"""The calendar of rounds, and the page of one."""

import calendar
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.clock import ONE_DAY, day_bounds
from parvis.common.errors import Refused
from parvis.common.http import full_address, once, refuse, requires
from parvis.departments import actions, calendars, queries
from parvis.departments.forms.rounds import MinutesForm, PutOffForm, RoundForm, ServiceForm
from parvis.departments.models import Round, RoundTopic
from parvis.knowledge import queries as knowledge
from parvis.organisations.models import Service

READERS = ("departments.ask", "departments.answer", "departments.manage")


def _zone(request: AgentRequest) -> ZoneInfo:
    return ZoneInfo(request.user.site.timezone if request.user.site else settings.TIME_ZONE)


def _month(request: AgentRequest) -> date:
    try:
        year, month = request.GET.get("mois", "").split("-")
        return date(int(year), int(month), 1)
    except ValueError:
        return timezone.localdate().replace(day=1)


@requires(*READERS)
@require_safe
def rounds(request: AgentRequest) -> HttpResponse:
    """One month of rounds, and when each department was visited last."""
    first, now = _month(request), timezone.now()
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    zone = _zone(request)
    start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    context = {
        "first": first,
        "before": (first - ONE_DAY).replace(day=1),
        "after": last + ONE_DAY,
        "rounds": [(one, one.is_overdue(now)) for one in queries.month(request.user, start, end)],
        "services": queries.by_service(request.user.authority, now, timezone.localdate(now)),
        "may_plan": request.user.may("departments.manage"),
    }
    return render(request, "departments/rounds.html", context)


@requires("departments.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def plan(request: AgentRequest) -> HttpResponse:
    """First the department, then the visit with what there is to clarify there."""
    chosen = request.GET.get("service", "")
    if not chosen:
        return render(
            request,
            "departments/plan.html",
            {"form": ServiceForm(actor=request.user), "service": None},
        )
    services = Service.objects.visible_to(request.user).filter(is_active=True)
    service = get_object_or_404(services, pk=chosen if chosen.isdecimal() else 0)
    now = timezone.now()
    proposals = queries.proposals(service, today=timezone.localdate(now), now=now)
    form = RoundForm(
        request.POST or None,
        actor=request.user,
        proposals=proposals,
        initial={"visitor": request.user.pk, "place": service.label},
    )
    if form.is_valid():
        given = form.cleaned_data
        made = actions.plan_round(
            service,
            visitor=given["visitor"],
            planned_at=given["planned_at"],
            place=given["place"],
            topics=form.chosen(),
            agent=request.user,
            now=now,
        )
        messages.success(request, _("Planned."))
        return redirect("departments:round", made.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "service": service, "nothing": not proposals}
    return render(request, "departments/plan.html", context, status=status)


def _round(request: AgentRequest, pk: int) -> Round:
    found = queries.round_page(request.user, pk)
    if found is None:
        raise Http404
    return found


def _may_act(request: AgentRequest, found: Round) -> bool:
    return request.user.may("departments.manage") or found.visitor_id == request.user.pk


@requires(*READERS)
@require_safe
def one(request: AgentRequest, pk: int) -> HttpResponse:
    return _page(request, _round(request, pk))


def _page(request: AgentRequest, found: Round, **forms: Any) -> HttpResponse:
    now = timezone.now()
    context = {
        "round": found,
        "may_act": _may_act(request, found),
        "is_over": found.planned_at <= now,
        "is_overdue": found.is_overdue(now),
        "form": MinutesForm(),
        "put_off": PutOffForm(),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "departments/round.html", context, status=422 if wrong else 200)


@requires(*READERS)
@require_safe
def ics_file(request: AgentRequest, pk: int) -> HttpResponse:
    """The round for the calendar of who goes."""
    found = _round(request, pk)
    address = full_address(reverse("departments:round", args=[pk]))
    written = calendars.of_round(found, address)
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="tournee-{found.pk}.ics"'
    return response


Step = Callable[[AgentRequest, Round, datetime], HttpResponse | None]


def _step(step: Step) -> Callable[..., HttpResponse]:
    """A form on the page of a round: by who goes, or by the head of reception."""

    @requires(*READERS)
    @require_POST
    @once
    @wraps(step)
    def view(request: AgentRequest, pk: int) -> HttpResponse:
        found = _round(request, pk)
        if not _may_act(request, found):
            raise PermissionDenied
        try:
            answer = step(request, found, timezone.now())
        except Refused as refusal:
            refuse(request, refusal)
            return redirect("departments:round", pk)
        return answer or redirect("departments:round", pk)

    return view


@_step
def close(request: AgentRequest, found: Round, now: datetime) -> HttpResponse | None:
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        actions.close_round(found, agent=request.user, now=now, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)  # what was typed stays
        return _page(request, found, form=form)
    messages.success(request, _("The round is closed, its minutes are kept."))
    return None


@_step
def put_off(request: AgentRequest, found: Round, now: datetime) -> HttpResponse | None:
    form = PutOffForm(request.POST)
    if not form.is_valid():
        return _page(request, found, put_off=form)
    given = form.cleaned_data
    if given["planned_at"] is None:
        actions.cancel_round(found, agent=request.user, now=now, reason=given["reason"])
        messages.success(request, _("The round is called off."))
        return None
    follower = actions.postpone_round(found, agent=request.user, now=now, **given)
    messages.success(request, _("Put off; what there is to clarify goes along."))
    return redirect("departments:round", follower.pk)


@_step
def topic(request: AgentRequest, found: Round, now: datetime) -> None:
    chosen = request.POST.get("topic", "")
    if not chosen:
        actions.add_topic(found, request.POST.get("words", ""), agent=request.user, now=now)
        return
    row = get_object_or_404(
        RoundTopic.objects.filter(round=found), pk=chosen if chosen.isdecimal() else 0
    )
    actions.settle_topic(row, agent=request.user, is_settled=not row.is_settled)


@_step
def draft(request: AgentRequest, found: Round, now: datetime) -> HttpResponse:
    ref = request.POST.get("sheet", "").strip()
    sheet = knowledge.own_sheet(request.user, ref) if ref else None
    if ref and sheet is None:
        raise Refused(_("There is no sheet with this reference."))
    title = request.POST.get("title", "")
    made = actions.begin_draft(found, agent=request.user, now=now, sheet=sheet, title=title)
    return redirect("knowledge:draft", made.pk)
