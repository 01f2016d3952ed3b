"""The curve on which the authority moves its threshold, and what a move would have changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.assistant import actions, queries, tasks
from parvis.assistant.actions import measuring
from parvis.assistant.forms.threshold import OWN, POINTS, ThresholdForm
from parvis.assistant.models import Setup
from parvis.assistant.queries import measured
from parvis.assistant.queries.deciding import weights_of
from parvis.assistant.rules import drawing
from parvis.assistant.rules.deciding import (
    BALANCED,
    calibration,
    curve,
    operating_points,
    point,
)
from parvis.common.http import once, requires

AT_ONCE = 150  # questions that are asked while somebody waits; more go to the jobs
SETTINGS = "settings.manage"


@requires(SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def threshold(request: AgentRequest) -> HttpResponse:
    """The curve, the places that have a name, and what a move would have changed."""
    authority = request.user.authority
    known = measured.known(authority.pk)
    fitted = weights_of(authority.pk).answer
    points = operating_points(known.cases, fitted)
    numbers = {name: one.threshold for name, one in points.items()}
    kept = queries.settings_of(authority)
    given = request.POST or (request.GET if "point" in request.GET else None)
    form = ThresholdForm(given, initial=_initial(kept, numbers))
    if request.method == "POST" and form.is_valid():
        actions.set_threshold(request.user, form.chosen(numbers))
        messages.success(request, _("The threshold is kept."))
        return redirect("assistant:threshold")
    in_force = queries.threshold_of(authority)
    tried = in_force
    if form.is_bound and form.is_valid():
        chosen = form.chosen(numbers)
        tried = fitted if chosen is None else chosen
    context = {
        "form": form,
        "known": known,
        "kept": kept,
        "fitted": fitted,
        "in_force": in_force,
        "tried": tried,
        "named": [(words, points[name]) for name, words in POINTS if name in points],
        "may_review": "assistant.review" in request.user.capabilities,
        "moved": measured.moved(authority.pk, tried, now=timezone.now()) if form.is_bound else None,
        **_drawn(known, tried),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "assistant/threshold.html", context, status=status)


def _initial(kept: Setup, numbers: dict[str, float]) -> dict[str, Any]:
    if kept.threshold is None:
        return {"point": BALANCED}
    named = [name for name, number in numbers.items() if abs(number - kept.threshold) < 1e-9]
    others = [name for name in named if name != BALANCED]
    return {"point": others[0] if others else OWN, "threshold": round(kept.threshold, 2)}


def _drawn(known: measured.Known, tried: float) -> dict[str, Any]:
    rows, bins = curve(known.cases), calibration(known.cases)
    return {
        "rows": rows,
        "bins": bins,
        "at": point(known.cases, tried),
        "curve": drawing.curve_drawing(rows, tried),
        "calibration": drawing.calibration_drawing(bins),
    }


@requires(SETTINGS)
@require_POST
@once
def measure(request: AgentRequest) -> HttpResponse:
    """Ask the known questions again; many of them are left to the jobs."""
    pk = request.user.authority_id
    if len(measured.questions_known(pk)) > AT_ONCE:
        tasks.measure_known.enqueue(pk)
        messages.success(request, _("The questions are being asked; look again in a minute."))
    else:
        count = measuring.measure_known(pk, now=timezone.now())
        messages.success(request, _("Measured on %d questions.") % count)
    return redirect("assistant:threshold")
