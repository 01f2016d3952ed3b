"""What the assistant spared and what it cost: every figure with its method, and its rows."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.assistant import telling
from parvis.assistant.queries import figures as queries
from parvis.assistant.queries import reviewing
from parvis.assistant.rules import drawing
from parvis.assistant.rules.figures import Counts, Share, avoided
from parvis.common.http import requires
from parvis.common.tables import csv_answer

REVIEWS = "assistant.review"


@requires(REVIEWS)
@require_safe
def figures(request: AgentRequest) -> HttpResponse:
    """One month, and the calls by week since long before the opening."""
    now = timezone.now()
    today = timezone.localdate(now)
    first = reviewing.month_of(request.GET.get("mois", ""), today)
    counts = reviewing.counts_of(request.user, first)
    seen = queries.calls(request.user, now=now)
    counted = [float(week.calls) for week in seen.weeks]
    series = seen.series
    context = {
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": reviewing.next_month(first) if first < today.replace(day=1) else None,
        "counts": counts,
        "avoided": avoided(counts),
        "method": telling.method_of_avoided(counts),
        "rows": _rows(request.user, counts, first),
        "seen": seen,
        "series": series,
        "series_method": telling.method_of_series(),
        "drawn": drawing.weeks_drawing(
            counted, series.before, fitted=series.fitted, without=series.without
        ),
    }
    return render(request, "assistant/figures.html", context)


def _rows(agent: Agent, counts: Counts, first: date) -> list[dict[str, Any]]:
    """Every figure with the address of its conversations."""
    here = f"{reverse('assistant:review')}?mois={first:%Y-%m}&vue="
    told = telling.figures(counts, queries.handed_over(agent, first))
    return [{**vars(one), "url": f"{here}{one.view}"} for one in told]


@requires(REVIEWS)
@require_safe
def figures_csv(request: AgentRequest) -> HttpResponse:
    """The same as a table for a spreadsheet, its method in each row."""
    now = timezone.now()
    if request.GET.get("quoi") == "semaines":
        seen = queries.calls(request.user, now=now)
        head = [
            _("Week"),
            _("Calls written down"),
            _("After the opening"),
            _("Fitted"),
            _("As before"),
        ]
        weeks = [
            (one.first.isoformat(), one.calls, int(one.is_after), one.fitted, one.without)
            for one in seen.weeks
        ]
        return csv_answer("appels-par-semaine.csv", head, weeks)
    first = reviewing.month_of(request.GET.get("mois", ""), timezone.localdate(now))
    counts, month = reviewing.counts_of(request.user, first), first.strftime("%Y-%m")
    rows: list[tuple[object, ...]] = []
    for row in _rows(request.user, counts, first):
        rows.append((month, row["name"], *_numbers(row["share"]), row["method"]))
    spared, method = avoided(counts), telling.method_of_avoided(counts)
    for title, value in (
        (_("Avoided calls, low estimate"), spared.low),
        (_("Avoided calls, middle estimate"), spared.middle),
        (_("Avoided calls, high estimate"), spared.high),
    ):
        rows.append((month, title, value, spared.n, None, None, method))
    head = [
        _("Month"), _("Figure"), _("How many"), "n", _("low end"), _("high end"), _("Method"),
    ]  # fmt: skip
    return csv_answer(f"assistant-{month}.csv", head, rows)


def _numbers(share: Share) -> tuple[object, ...]:
    """How many, of how many, and the two ends; hidden below five."""
    if share.hidden:
        return (None, "<5" if share.of else 0, None, None)
    low, high = share.interval or (None, None)
    return (share.count, share.of, low, high)
