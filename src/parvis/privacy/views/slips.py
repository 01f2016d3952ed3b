"""Elimination slips: the list, the slip to print and sign, what happens to it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import not_stored, once, refuse, requires
from parvis.privacy import actions, rules
from parvis.privacy.forms import ActForm, ReasonForm, ReferenceForm, VisaForm
from parvis.privacy.models import Slip, SlipLine
from parvis.privacy.tasks import carry_out_slips
from parvis.privacy.views.tabs import tabs

MANAGES = "retention.manage"
CONFLICT = 409
SHOWN = 200
ACTS: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "envoi": (ActForm, lambda slip, agent, now, **_: actions.send(slip, agent=agent, now=now)),
    "visa": (VisaForm, lambda slip, **said: actions.grant(slip, **said)),
    "refus": (
        ReasonForm,
        lambda slip, agent, now, reason: actions.refuse_visa(slip, agent=agent, reason=reason),
    ),
    "execution": (
        ActForm,
        lambda slip, agent, now, **_: actions.start(slip, agent=agent, now=now),
    ),
    "versement": (
        ReferenceForm,
        lambda slip, agent, now, reference: actions.record_transfer(
            slip, agent=agent, reference=reference
        ),
    ),
}


@requires(MANAGES)
@require_safe
def listing(request: AgentRequest) -> HttpResponse:
    rows = Slip.objects.visible_to(request.user).select_related("service")[:SHOWN]
    return render(request, "privacy/slips.html", {"tabs": tabs(request), "rows": rows})


@requires(MANAGES)
@once
@require_POST
def prepare(request: AgentRequest) -> HttpResponse:
    try:
        made = len(actions.prepare(agent=request.user, now=timezone.now()))
    except Refused as refused:
        refuse(request, refused)
        return not_stored(redirect("privacy:slips"))
    words = ngettext("%(n)d slip is prepared.", "%(n)d slips are prepared.", made)
    messages.success(request, words % {"n": made})
    return redirect("privacy:slips")


@requires(MANAGES)
@require_safe
def slip(request: AgentRequest, pk: int) -> HttpResponse:
    return _page(request, _slip(request, pk))


@requires(MANAGES)
@once
@require_POST
def act(request: AgentRequest, pk: int, act: str) -> HttpResponse:
    row = _slip(request, pk)
    form_class, write = ACTS[act]
    form = form_class(request.POST)
    if not form.is_valid():
        return _page(request, row, **{act: form}, status=422)
    try:
        write(row, agent=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _page(request, _slip(request, pk), **{act: form}, status=409)
    if act in ("execution", "versement"):
        carry_out_slips.enqueue()
    messages.success(request, _("Written down."))
    return redirect("privacy:slip", row.pk)


@requires("archive.read")
@require_safe
def transfer(request: AgentRequest, pk: int) -> HttpResponse:
    row = _slip(request, pk)
    try:
        parcel = actions.export_transfer(row, agent=request.user, now=timezone.now())
    except Refused as refused:
        refuse(request, refused)
        return redirect("privacy:slip", row.pk)
    return parcel_answer(parcel, f"versement-{row.number}.zip")


def parcel_answer(parcel: bytes, name: str) -> HttpResponse:
    """An archive to save, never to show or to keep on the way."""
    answer = HttpResponse(parcel, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _slip(request: AgentRequest, pk: int) -> Slip:
    rows = Slip.objects.visible_to(request.user).select_related(
        "service", "authority", "prepared_by__entry", "started_by__entry"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request: AgentRequest, row: Slip, *, status: int = 200, **bound: Any) -> HttpResponse:
    fates = dict(row.lines.values_list("fate").annotate(Count("pk")).order_by("fate"))
    context = {
        "tabs": tabs(request),
        "row": row,
        "lines": row.lines.all()[:SHOWN],
        "fates": [(SlipLine.Fate(fate).label, count) for fate, count in fates.items()],
        "has_transfer": SlipLine.Fate.TRANSFER in fates,
        "refused": next(iter(bound.values()), None) if status == CONFLICT else None,
        "done": row.lines.exclude(done_at=None).count(),
        "megabytes": row.size / 1_000_000,
        "forms": {
            name: bound.get(name) or form(auto_id=f"{name}_%s")
            for name, (form, _write) in ACTS.items()
        },
        "may": {
            "send": rules.may_move(row.state, rules.SENT),
            "grant": row.needs_visa and rules.may_move(row.state, rules.GRANTED),
            "start": rules.may_move(row.state, rules.RUNNING)
            or (not row.needs_visa and row.state in (rules.PROPOSED, rules.SENT)),
            "transfer": row.state in (rules.GRANTED, rules.RUNNING) and not row.transfer_reference,
            "read": request.user.may("archive.read"),
        },
    }
    return render(request, "privacy/slip.html", context, status=status)
