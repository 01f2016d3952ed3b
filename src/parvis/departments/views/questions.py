"""The questions of the desks, as the departments and who asked read them."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, refuse, requires
from parvis.departments import actions, queries
from parvis.departments.forms.questions import AnswerForm, AskForm, PassForm
from parvis.departments.models import Question
from parvis.knowledge.queries.drafts import EDITORS
from parvis.organisations import queries as places

ALL = ("departments.ask", "departments.answer", "departments.manage")
SHOWN = 100


@requires(*ALL)
@require_safe
@never_cache
def questions(request: AgentRequest) -> HttpResponse:
    """What waits for an answer, visitors first; what one asked; what was answered lately."""
    now = timezone.now()
    line = [(one, one.is_overdue(now)) for one in queries.line_of(request.user)[:SHOWN]]
    me = request.user.pk
    answers = request.user.may("departments.answer")
    context = {
        "to_answer": [row for row in line if answers and row[0].asked_by_id != me],
        "mine": [row for row in line if row[0].asked_by_id == me],
        "unread": queries.answers_for(request.user),
        "lately": queries.read_lately(request.user, now)[:SHOWN],
        "answers": answers,
        "may_manage": request.user.may("departments.manage"),
        "may_ask": request.user.may("departments.ask"),
        "site": request.user.site or places.sites_of(request.user.authority).first(),
        "now": now,
    }
    return render(request, "departments/questions.html", context)


@requires("departments.ask")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: AgentRequest) -> HttpResponse:
    """Ask away from a desk: on the telephone, from a sheet or from a search without answer."""
    now = timezone.now()
    given = {name: request.GET.get(name, "")[:500] for name in ("text", "sheet", "service")}
    form = AskForm(request.POST or None, actor=request.user, initial=given)
    known: list[queries.Known] = []
    if form.is_valid():
        words = form.cleaned_data
        known = queries.known_answers(request.user, words["text"], now=now)
        if not known or request.POST.get("anyway"):
            found = actions.ask(
                words["service"],
                words["text"],
                agent=request.user,
                now=now,
                topic=words["topic"],
                sheet=words["sheet"],
                visitor_present=words["visitor_present"],
                site=request.user.site,
            )
            messages.success(request, _("Asked. The answer appears here and at your desk."))
            return redirect("departments:question", found.pk)
    elif given["text"]:
        known = queries.known_answers(request.user, given["text"], now=now)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "known": known, "asked": request.POST.get("text", given["text"])}
    return render(request, "departments/ask.html", context, status=status)


@requires(*ALL)
@require_safe
@never_cache
def question(request: AgentRequest, pk: int) -> HttpResponse:
    return _page(request, _question(request, pk))


def _question(request: AgentRequest, pk: int) -> Question:
    found = queries.by_id(request.user, pk)
    if found is not None:
        return found
    # Of a colleague of this house: no right. Of another house: there is no such question.
    if Question.objects.filter(authority_id=request.user.authority_id, pk=pk).exists():
        raise PermissionDenied
    raise Http404


def _page(
    request: AgentRequest,
    found: Question,
    *,
    form: AnswerForm | None = None,
    pass_form: PassForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    now, agent = timezone.now(), request.user
    may_answer = queries.may_answer(agent, found) and found.is_open
    context = {
        "question": found,
        "trail": queries.trail_of(found),
        "known": queries.known_answers(agent, found.text, now=now) if may_answer else [],
        "form": form or AnswerForm(actor=agent),
        "pass_form": pass_form or PassForm(question=found, agent=agent, now=now),
        "may_answer": may_answer,
        "may_withdraw": found.is_open
        and (found.asked_by_id == agent.pk or agent.may("departments.manage")),
        "may_write": any(map(agent.may, EDITORS)),
        "may_correct": found.sheet is not None and found.sheet.authority_id == agent.authority_id,
        "is_late": found.is_overdue(now),
        "is_mine": found.asked_by_id == agent.pk,
        "refusal": refusal,
        # A colleague was quicker: there is no form any more, and the words are not lost.
        "kept": form["answer"].value() if refusal and form and not may_answer else "",
    }
    wrong = any(one is not None and one.errors for one in (form, pass_form))
    status = 409 if refusal else 422 if wrong else 200
    return render(request, "departments/question.html", context, status=status)


Step = Callable[[AgentRequest, Question, datetime], HttpResponse | None]


def _step(step: Step) -> Callable[..., HttpResponse]:
    """A button on the page of a question: POST, done once, back to the page."""

    @requires(*ALL)
    @require_POST
    @once
    @wraps(step)
    def view(request: AgentRequest, pk: int) -> HttpResponse:
        found = _question(request, pk)
        try:
            answer = step(request, found, timezone.now())
        except Refused as refusal:
            refuse(request, refusal, typed=("words",))
            return redirect("departments:question", pk)
        there = reverse("departments:question", args=[pk])
        return answer or redirect(next_address(request, there))

    return view


@_step
def take(request: AgentRequest, found: Question, now: datetime) -> None:
    actions.take(found, agent=request.user, now=now)
    messages.success(request, _("Yours. The desk sees that somebody is looking."))


@_step
def answer(request: AgentRequest, found: Question, now: datetime) -> HttpResponse | None:
    form = AnswerForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _page(request, found, form=form)
    words = form.cleaned_data
    try:
        actions.answer(
            found,
            words["answer"],
            level=words["level"],
            sheets=words["sheets"],
            agent=request.user,
            now=now,
        )
    except Refused as refusal:
        return _page(request, _question(request, found.pk), form=form, refusal=refusal.message)
    messages.success(request, _("Answered. It appears at the desk now."))
    return None


@_step
def pass_on(request: AgentRequest, found: Question, now: datetime) -> HttpResponse | None:
    form = PassForm(request.POST, question=found, agent=request.user, now=now)
    if not form.is_valid():
        return _page(request, found, pass_form=form)
    to, service, words = (form.cleaned_data[name] for name in ("to", "service", "words"))
    if to is not None:
        actions.pass_on(found, to, agent=request.user, now=now, words=words)
        messages.success(request, _("Passed on to %s.") % to.display_name)
    else:
        actions.move(found, service, agent=request.user, now=now, words=words)
        messages.success(request, _("Given to %s.") % service.label)
    return redirect("departments:questions")


@_step
def withdraw(request: AgentRequest, found: Question, now: datetime) -> None:
    actions.withdraw(found, agent=request.user, now=now)
    messages.success(request, _("Taken back: nobody looks for the answer any more."))


@_step
def close(request: AgentRequest, found: Question, now: datetime) -> None:
    words = request.POST.get("words", "")
    actions.close(found, agent=request.user, now=now, words=words)
    messages.success(request, _("Closed, with the reason."))


@_step
def shown(request: AgentRequest, found: Question, now: datetime) -> None:
    actions.mark_shown(found, agent=request.user, now=now)


@_step
def draft(request: AgentRequest, found: Question, now: datetime) -> HttpResponse:
    is_correction = request.POST.get("what") == "correction"
    made = actions.draft_from_answer(
        found, agent=request.user, now=now, is_correction=is_correction
    )
    messages.success(request, _("The answer stands in the text. Read it, then propose it."))
    return redirect("knowledge:draft", made.pk)


@requires("departments.ask")
@require_POST
@once
def reuse(request: AgentRequest, pk: int) -> HttpResponse:
    """Take the answer that was given before; also one that a colleague asked for."""
    rows = Question.objects.filter(authority_id=request.user.authority_id, pk=pk)
    known = rows.filter(service__is_sensitive=False).exclude(answer="").first()
    if known is None:
        known = _question(request, pk)
    try:
        made = actions.reuse(
            known,
            agent=request.user,
            now=timezone.now(),
            text=request.POST.get("text", ""),
            site=request.user.site,
        )
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("departments:questions")
    return redirect("departments:question", made.pk)
