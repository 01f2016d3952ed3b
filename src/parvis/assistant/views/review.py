"""Conversations for those who look after the assistant: judged, counted, mended."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts.http import AgentRequest
from parvis.assistant import actions, presentation, queries, whys
from parvis.assistant.forms import VerdictForm
from parvis.assistant.models import Conversation
from parvis.assistant.queries import reviewing, suggested
from parvis.assistant.rules import figures
from parvis.common.http import once, requires

REVIEWS = "assistant.review"


@requires(REVIEWS)
@require_safe
def conversations(request: AgentRequest) -> HttpResponse:
    """One month: its figures with their method, and its conversations."""
    today = timezone.localdate()
    first = reviewing.month_of(request.GET.get("mois", ""), today)
    view = request.GET.get("vue", "")
    view = view if view in reviewing.VIEWS else "all"
    counts = reviewing.counts_of(request.user, first)
    rows = reviewing.listed(request.user, first, view)
    context = {
        "first": first,
        "before": (first.replace(day=1) - timedelta(days=1)).replace(day=1),
        "after": reviewing.next_month(first) if first < today.replace(day=1) else None,
        "counts": counts,
        "avoided": figures.avoided(counts),
        "wrong": figures.wrong_share(counts),
        "desk": suggested.figures_of(request.user, first),
        "rows": [(row, _first_words(row)) for row in rows],
        "tabs": _tabs(first.strftime("%Y-%m"), view),
        "view": view,
        "judged": sum(bool(row.verdict) for row in rows) if view == "judge" else None,
    }
    return render(request, "assistant/review.html", context)


def _first_words(row: Conversation) -> str:
    said = [turn for turn in row.said.all() if turn.author == "person"]
    return min(said, key=lambda turn: turn.number).text if said else ""


def _tabs(month: str, view: str) -> list[dict[str, object]]:
    words = {
        "all": pgettext("conversations", "All"),
        "judge": _("Fifty to judge"),
        "unhelpful": _("Did not help"),
        "handed_over": _("Handed over"),
        "abandoned": _("Left without an answer"),
    }
    here = reverse("assistant:review")
    return [
        {"text": words[one], "url": f"{here}?mois={month}&vue={one}", "current": one == view}
        for one in reviewing.VIEWS
    ]


@requires(REVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def conversation(request: AgentRequest, pk: int) -> HttpResponse:
    """What was asked, what was answered and why; right or wrong."""
    found = queries.for_agent(request.user, pk)
    if found is None:
        raise Http404
    initial = {"verdict": found.verdict, "note": found.review_note}
    form = VerdictForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.judge(found, agent=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your verdict is kept."))
        return redirect("assistant:review-one", pk)
    said = presentation.shown(queries.turns_of(found))
    context = {
        "conversation": found,
        "said": [(one, whys.kept(one.data)) for one in said],
        "form": form,
        "handovers": found.handovers.select_related("taken_by__entry"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assistant/review_one.html", context, status=status)
