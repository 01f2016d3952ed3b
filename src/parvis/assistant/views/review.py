"""Conversations for those who look after the assistant: judged, counted, mended."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.assistant import actions, presentation, queries, telling, whys
from parvis.assistant.forms import QuestionForm, VerdictForm
from parvis.assistant.models import Conversation, Turn
from parvis.assistant.queries import reviewing, suggested
from parvis.assistant.rules import figures
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.knowledge import actions as editing
from parvis.knowledge import queries as knowledge
from parvis.knowledge.rules.finding import Line

REVIEWS, WRITES = "assistant.review", "knowledge.write"


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
        "method": telling.method_of_avoided(counts),
        "rows": [(row, _first_words(row)) for row in rows],
        "tabs": _tabs(first.strftime("%Y-%m"), view),
        "view": view,
        "writes": WRITES in request.user.capabilities,
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
        "contained": _("Answered"),
        "confirmed": _("Helped"),
        "unhelpful": _("Did not help"),
        "handed_over": _("Handed over"),
        "abandoned": _("Left without an answer"),
        "silent": _("Left without a word"),
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
        "learning": _learning(request, found),
        "conversation": found,
        "said": [(one, whys.told(one.data, one.turn.kind)) for one in said],
        "form": form,
        "handovers": found.handovers.select_related("taken_by__entry"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assistant/review_one.html", context, status=status)


@requires(REVIEWS)
@require_POST
@once
def keep_question(request: AgentRequest, pk: int) -> HttpResponse:
    """What was answered wrongly becomes a saved question: every later change is tried on it."""
    found = queries.for_agent(request.user, pk)
    if found is None:
        raise Http404
    if WRITES not in request.user.capabilities:
        raise PermissionDenied
    form = QuestionForm(request.POST, questions=_questions(found))
    if not form.is_valid():
        refuse(request, Refused(_("Choose a question, and give the set a name.")))
        return redirect("assistant:review-one", pk)
    given = form.cleaned_data
    sheet = knowledge.sheet_for(request.user, given["ref"].strip()) if given["ref"] else None
    if given["ref"] and sheet is None:
        refuse(request, Refused(_("There is no sheet with this reference.")))
        return redirect("assistant:review-one", pk)
    asked = next(turn for turn in queries.turns_of(found) if str(turn.number) == given["question"])
    refs, kind = ((sheet.ref,), "reviewed") if sheet else ((), "no_sheet")
    line = Line(asked.text, refs, kind)
    saved = editing.add_question(request.user, given["into"], line, now=timezone.now())
    messages.success(request, _("Kept in “%s”: every change is tried on it.") % given["into"])
    query = urlencode({"said": asked.text[:200], "jeu": saved.question_set_id})
    if sheet is None:
        return redirect("assistant:review-one", pk)
    return redirect(f"{reverse('knowledge:finding-trial')}?{query}&ref={sheet.ref}")


def _questions(found: Conversation) -> list[tuple[str, str]]:
    """What the person asked, by the number of the turn; the last one first."""
    asked = found.said.filter(kind=Turn.Kind.QUESTION).exclude(text="").order_by("-number")
    return [(str(turn.number), turn.text[:120]) for turn in asked]


def _learning(request: AgentRequest, found: Conversation) -> QuestionForm | None:
    """The form, for those who may write what makes sheets found."""
    asked = _questions(found)
    if not asked or WRITES not in request.user.capabilities:
        return None
    names = knowledge.question_sets(request.user).values_list("name", flat=True)
    own = _("Reviewed conversations")
    initial = {"question": asked[0][0], "into": own if own in names or not names else names[0]}
    return QuestionForm(questions=asked, initial=initial, auto_id="jeu_%s")
