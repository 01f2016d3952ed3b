"""The figures of the assistant over HTTP, for who reviews its conversations."""

from typing import Any

from django.utils import timezone

from parvis.assistant import telling
from parvis.assistant.queries import figures as queries
from parvis.assistant.queries import reviewing
from parvis.assistant.rules.figures import avoided
from parvis.interop.api.auth import ApiRequest, need
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_figures import CallsOut, FiguresOut

REVIEWS = "assistant.review"
router = ApiRouter(tags=["assistant"])


@router.get("assistant/figures", response=FiguresOut, summary="What the assistant spared")
def figures(request: ApiRequest, month: str = "") -> Any:
    """Of a month (`2026-11`; the present one without it): every figure with its method."""
    agent = need(request, REVIEWS)
    first = reviewing.month_of(month, timezone.localdate())
    counts = reviewing.counts_of(agent, first)
    told = telling.figures(counts, queries.handed_over(agent, first))
    spared = avoided(counts)
    return {
        "month": f"{first:%Y-%m}",
        "figures": [_figure(one) for one in told],
        "avoided_calls": {
            "low": spared.low,
            "middle": spared.middle,
            "high": spared.high,
            "n": spared.n,
            "method": telling.method_of_avoided(counts),
        },
    }


@router.get("assistant/calls", response=CallsOut, summary="Calls before and after the opening")
def calls(request: ApiRequest) -> Any:
    """Telephone contacts by week, and what may be concluded from them."""
    seen = queries.calls(need(request, REVIEWS), now=timezone.now())
    series = seen.series
    return {
        "opened_on": seen.opened_on,
        "verdict": series.verdict,
        "weeks_before": series.before,
        "weeks_after": series.after,
        "season": series.season,
        "level": series.level and vars(series.level),
        "slope": series.slope and vars(series.slope),
        "at_end": series.at_end and vars(series.at_end),
        "method": telling.method_of_series(),
        "weeks": [{**vars(week), "after": week.is_after} for week in seen.weeks],
    }


def _figure(one: telling.Told) -> dict[str, Any]:
    between = one.share.interval
    return {
        "code": one.code,
        "name": one.name,
        "method": one.method,
        "numerator": one.share.count,
        "denominator": one.share.of,
        "value": one.share.value,
        "interval": [between.low, between.high] if between else None,
    }
