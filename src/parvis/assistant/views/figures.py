"""What the assistant spared and what it cost: every figure with its method, and its rows."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
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
        "method": method_words(counts),
        "rows": _rows(counts, queries.handed_over(request.user, first), first.strftime("%Y-%m")),
        "seen": seen,
        "series": series,
        "drawn": drawing.weeks_drawing(
            counted, series.before, fitted=series.fitted, without=series.without
        ),
    }
    return render(request, "assistant/figures.html", context)


# Code, name, view of its conversations, how it is counted.
FIGURES = (
    (
        "contained",
        gettext_lazy("Answered, nobody was asked for"),
        "contained",
        gettext_lazy(
            "Conversations with a question that was understood, answered, without a hand-over."
        ),
    ),
    (
        "confirmed",
        gettext_lazy("Of these, “it helped”"),
        "confirmed",
        gettext_lazy("The person said so. Who says nothing is not counted as helped."),
    ),
    (
        "handed_over",
        gettext_lazy("Handed over"),
        "handed_over",
        gettext_lazy("A person was asked for, by whatever way was open."),
    ),
    (
        "reached",
        gettext_lazy("Hand-overs that reached somebody"),
        "handed_over",
        gettext_lazy(
            "Taken by an agent, or written down as a call back, an appointment or a message."
        ),
    ),
    (
        "abandoned",
        gettext_lazy("Left without an answer"),
        "abandoned",
        gettext_lazy("Nothing was answered and nobody was asked for."),
    ),
    (
        "silent",
        gettext_lazy("Left without a word"),
        "silent",
        gettext_lazy("No opinion and no hand-over: helped, or gone; nobody knows which."),
    ),
    (
        "unhelpful",
        gettext_lazy("“It did not help”"),
        "unhelpful",
        gettext_lazy("Of those who said whether it helped."),
    ),
    (
        "wrong",
        gettext_lazy("Wrong answers, of those judged"),
        "judge",
        gettext_lazy("Fifty conversations of the month, drawn by chance, judged by colleagues."),
    ),
)


def _rows(counts: Counts, handed: Share, month: str) -> list[dict[str, Any]]:
    """Name, share and method of every figure, with the address of its conversations."""
    shares = {
        "contained": Share(counts.contained, counts.sessions),
        "confirmed": Share(counts.confirmed, counts.contained),
        "handed_over": Share(counts.handed_over, counts.sessions),
        "reached": handed,
        "abandoned": Share(counts.abandoned, counts.sessions),
        "silent": Share(counts.silent, counts.sessions),
        "unhelpful": Share(counts.unhelpful, counts.told_helped),
        "wrong": Share(counts.wrong, counts.right + counts.wrong),
    }
    here = f"{reverse('assistant:review')}?mois={month}&vue="
    return [
        {"name": name, "share": shares[code], "url": f"{here}{view}", "method": method}
        for code, name, view, method in FIGURES
    ]


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
    for row in _rows(counts, queries.handed_over(request.user, first), month):
        share, between = row["share"], row["share"].interval
        low, high = between or (None, None)
        rows.append((month, row["name"], share.count, share.of, low, high, row["method"]))
    spared, method = avoided(counts), method_words(counts)
    for name, value in (
        (pgettext("estimate", "Low"), spared.low),
        (pgettext("estimate", "middle"), spared.middle),
        (pgettext("estimate", "high"), spared.high),
    ):
        title = f"{_('Avoided calls')}, {name}"
        rows.append((month, title, value, spared.n, None, None, method))
    head = [
        _("Month"), _("Figure"), _("How many"), "n", _("low end"), _("high end"), _("Method"),
    ]  # fmt: skip
    return csv_answer(f"assistant-{month}.csv", head, rows)


def method_words(counts: Counts) -> str:
    """How avoided calls are counted; a number never goes without it."""
    return _(
        "Low counts conversations that were answered without a person, that helped, whose author "
        "would have called, and who met nobody about it within seven days (of %(low)d, this could "
        "be checked for %(checked)d). High counts all those answered without a person. The middle "
        "is high × the share who would have called (n = %(n)d) × (1 − share of repeated contacts)."
    ) % {"low": counts.spared, "checked": counts.to_check, "n": counts.told_called}
