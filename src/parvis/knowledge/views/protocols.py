"""Reception protocols: reading them, noting where the work went another way, the monthly review."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, refuse, requires
from parvis.knowledge import actions, presentation, queries
from parvis.knowledge.models import ProtocolDeviation, Sheet
from parvis.knowledge.views import keeping

SHOWN = 200
DECIDED = 30


@requires("protocols.read")
@require_safe
def listing(request: AgentRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    rows = queries.live_protocols(request.user)
    if words:
        rows = rows.filter(title__icontains=words)
    context = {
        "words": words,
        "protocols": rows.prefetch_related("topics")[:SHOWN],
        "reads_sheets": request.user.may("knowledge.read"),
        "may_write": any(map(request.user.may, queries.PROTOCOL_EDITORS)),
        "may_review": request.user.may("protocols.validate"),
    }
    return render(request, "knowledge/protocols.html", context)


@requires("protocols.read")
@require_safe
def page(request: AgentRequest, ref: str) -> HttpResponse:
    """The steps of a protocol; a part of another page (the workstation) takes it in as well."""
    sheet = _protocol(request, ref)
    fragment = bool(request.htmx) and request.htmx.target is not None
    name = "knowledge/_protocol.html" if fragment else "knowledge/protocol.html"
    response = render(request, name, _context(request, sheet, is_fragment=fragment))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@requires("protocols.read")
@require_POST
@once
def read(request: AgentRequest, ref: str) -> HttpResponse:
    sheet = _protocol(request, ref)
    assert sheet.current is not None  # noqa: S101 - fetched with its version
    actions.confirm_reading(sheet.current, agent=request.user, now=timezone.now())
    messages.success(request, _("Noted: you have read it."))
    return redirect(next_address(request, reverse("knowledge:protocol", args=[ref])))


@requires("protocols.deviate")
@require_POST
@once
def deviate(request: AgentRequest, ref: str) -> HttpResponse:
    sheet = _protocol(request, ref)
    step = request.POST.get("step", "")
    try:
        actions.deviate(
            sheet,
            step=int(step) if step.isascii() and step.isdecimal() and len(step) < 5 else 0,
            cause=request.POST.get("cause", ""),
            words=request.POST.get("words", ""),
            agent=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Noted. It is looked at with the others of the month."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(next_address(request, reverse("knowledge:protocol", args=[ref])))


@requires("protocols.validate")
@require_safe
def deviations(request: AgentRequest) -> HttpResponse:
    """What was done otherwise in a month, for the review."""
    first = _month(request.GET.get("mois", ""), timezone.localdate())
    following = _following(first)
    before = _month_before(first)
    context = {
        "first": first,
        "before": before,
        "after": following if following <= timezone.localdate() else None,
        "left": queries.left_steps(request.user, _midnight(first), _midnight(following)),
        "decided": queries.decided_deviations(request.user)[:DECIDED],
    }
    return render(request, "knowledge/deviations.html", context)


@requires("protocols.validate")
@require_POST
@once
def decide(request: AgentRequest, pk: int) -> HttpResponse:
    deviation = get_object_or_404(
        ProtocolDeviation.objects.visible_to(request.user).select_related("sheet"), pk=pk
    )
    decision, now = request.POST.get("decision", ""), timezone.now()
    try:
        actions.decide_deviations(
            queries.same_deviations(deviation), decision=decision, agent=request.user, now=now
        )
        if decision == ProtocolDeviation.Decision.RULE:
            draft = actions.draft_from_deviation(deviation, agent=request.user, now=now)
            return redirect("knowledge:draft", draft.pk)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:deviations")


def _protocol(request: AgentRequest, ref: str) -> Sheet:
    found = queries.protocol(request.user, ref)
    if found is None:
        raise Http404
    return found


def _context(request: AgentRequest, sheet: Sheet, *, is_fragment: bool) -> dict[str, Any]:
    agent = request.user
    assert sheet.current is not None  # noqa: S101 - fetched with its version
    readings = list(queries.readings_of(sheet.current)[:SHOWN])
    shown = presentation.agent_page(
        sheet, authority_id=agent.authority_id, today=timezone.localdate()
    )
    is_live = sheet.state == Sheet.State.PUBLISHED
    return {
        "page": shown,
        "parts": [part for part in shown.parts if part.kind != "step"] if shown else [],
        "steps": queries.steps_of(sheet.current),
        "level": 2 if is_fragment else 1,
        "is_read": any(one.agent_id == agent.pk for one in readings),
        "readings": readings if agent.may("protocols.validate") else [],
        "causes": ProtocolDeviation.Cause.choices,
        "may_deviate": is_live and agent.may("protocols.deviate"),
        "citations": queries.citations_of(sheet, agent.authority_id),
        "life": None if is_fragment else keeping.life_of(agent, sheet),
        "here": request.GET.get("ici", "")[:200],
    }


def _month(typed: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return today.replace(day=1)


def _following(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _month_before(first: date) -> date:
    year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
    return date(year, month, 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
