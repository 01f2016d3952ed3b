"""The papers of one case: letters, decisions, what was asked for, what came by post."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.letters import actions, papers, queries
from parvis.letters.forms.letters import AskForm, RefusalForm
from parvis.letters.models import Decision, Kind, RightRequest
from parvis.letters.views.fetching import case_of, paper, read

READS, WRITES = "cases.read", "cases.act"
ON_REQUEST = frozenset({Kind.CERTIFICATE, Kind.MOTIVES, Kind.REFUSAL, Kind.SLIP})


@requires(READS)
@require_safe
def of_case(request: AgentRequest, reference: str) -> HttpResponse:
    """Everything on paper about a case; the page of the case shows its heart."""
    found = case_of(request, reference)
    response = _page(request, found)
    read(request, found, timezone.now())
    return response


def _page(request: AgentRequest, found: Case, **more: Any) -> HttpResponse:
    today, agent = timezone.localdate(), request.user
    every = queries.wordings(found.authority_id)
    context = {
        "case": found,
        "reference": codes.format_reference(found.reference),
        "letters": queries.of_case(found),
        "decisions": queries.decisions(found),
        "asked": [(one, _is_late(one, today)) for one in queries.asked(found)],
        "rights": queries.open_rights(found, today),
        "ask_form": AskForm(),
        "came": queries.incoming(agent).filter(case__in=cases.part_ids(found)).order_by("-pk"),
        "wordings": [one for one in every if one.kind not in ON_REQUEST],
        "may_act": agent.may(WRITES),
        "is_running": found.state in {Case.State.OPEN, Case.State.AWAITING_PERSON},
        **more,
    }
    return render(request, "letters/of_case.html", context)


def _is_late(one: RightRequest, today: Any) -> bool:
    return one.answered_on is None and one.due_on < today


@requires(WRITES)
@once
@require_POST
def begin(request: AgentRequest, reference: str) -> HttpResponse:
    """Begin a letter with one of the wordings."""
    found = case_of(request, reference)
    wording = queries.wording(found.authority_id, request.POST.get("wording", ""))
    if wording is None:
        raise Http404
    return _begin(request, found, wording)


@requires(WRITES)
@once
@require_POST
def answer(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    """Begin the letter that answers what the person asked for."""
    found = case_of(request, reference)
    asked = RightRequest.objects.filter(case__in=cases.part_ids(found), answered_on=None)
    right = get_object_or_404(asked, pk=pk)
    if right.letter_id is not None:
        return redirect("letters:letter", right.letter_id)
    wording = queries.wording(found.authority_id, right.kind)
    assert wording is not None  # noqa: S101
    return _begin(request, found, wording, right=right)


@requires(WRITES)
@once
@require_POST
def notify(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    """Begin the letter that tells the person of a decision."""
    found = case_of(request, reference)
    rows = Decision.objects.filter(case__in=cases.part_ids(found), withdrawn_at=None)
    decision = get_object_or_404(rows, pk=pk)
    letter = getattr(decision, "letter", None)
    if letter is not None:
        return redirect("letters:letter", letter.pk)
    wording = queries.wording(found.authority_id, Kind.REFUSAL)
    assert wording is not None  # noqa: S101
    return _begin(request, found, wording, decision=decision)


def _begin(request: AgentRequest, found: Case, wording: Any, **of: Any) -> HttpResponse:
    try:
        letter = actions.begin_letter(found, wording, agent=request.user, now=timezone.now(), **of)
    except Refused as refused:
        refuse(request, refused)
        return redirect("letters:of-case", found.reference)
    return redirect("letters:letter", letter.pk)


@requires(WRITES)
@once
@require_POST
def ask(request: AgentRequest, reference: str) -> HttpResponse:
    """Write down that the person asked for the certificate, or for the reasons."""
    found = case_of(request, reference)
    form = AskForm(request.POST)
    channel = form.cleaned_data["channel"] if form.is_valid() else "desk"
    kind = request.POST.get("kind", "")
    try:
        actions.ask_for_right(found, kind, channel=channel, agent=request.user, now=timezone.now())
    except Refused as refused:
        refuse(request, refused)
    else:
        messages.success(request, _("Written down: the clock of the answer runs."))
    return redirect("letters:of-case", found.reference)


@requires(WRITES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def refusal(request: AgentRequest, reference: str) -> HttpResponse:
    """Decide a refusal, with law, facts and ways to contest it; then its letter."""
    found = case_of(request, reference)
    initial = {"appeal": queries.appeal_text(found), "decided_on": timezone.localdate()}
    form = RefusalForm(request.POST or None, case=found, actor=request.user, initial=initial)
    sentence, status = "", 200 if request.method != "POST" else 422
    if form.is_valid():
        try:
            decision = _decide(request, found, form)
            return _first_letter(request, found, decision)
        except Refused as refused:
            sentence, status = refused.message, 409
    context = {
        "case": found,
        "reference": codes.format_reference(found.reference),
        "form": form,
        "refusal": sentence,
        "articles": sorted(form.known.values(), key=str),
        "has_delegations": queries.delegations(found, on=timezone.localdate()).exists(),
        "may_manage": request.user.may("letters.manage"),
    }
    return render(request, "letters/refusal.html", context, status=status)


def _decide(request: AgentRequest, found: Case, form: RefusalForm) -> Decision:
    given = form.cleaned_data
    reasons = actions.Reasons(
        articles=form.articles,
        law=given["law"],
        facts=given["facts"],
        plain=given["plain"],
        appeal=given["appeal"],
    )
    return actions.refuse_request(
        found,
        reasons,
        agent=request.user,
        now=timezone.now(),
        delegation=given["delegation"],
        decided_on=given["decided_on"],
    )


def _first_letter(request: AgentRequest, found: Case, decision: Decision) -> HttpResponse:
    messages.success(request, _("The decision is kept: now its letter."))
    wording = queries.wording(found.authority_id, Kind.REFUSAL)
    assert wording is not None  # noqa: S101
    return _begin(request, found, wording, decision=decision)


@requires(WRITES)
@once
@require_POST
def withdraw(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    """Take a decision back that nobody was told of."""
    found = case_of(request, reference)
    decision = get_object_or_404(Decision.objects.filter(case__in=cases.part_ids(found)), pk=pk)
    try:
        actions.withdraw_decision(decision, agent=request.user, now=timezone.now())
    except Refused as refused:
        refuse(request, refused)
    else:
        messages.success(request, _("The decision is taken back."))
    return redirect("letters:of-case", found.reference)


@requires("cases.open")
@require_safe
def slip(request: AgentRequest, reference: str) -> HttpResponse:
    """The slip in large type, as a paper that is read aloud as well as it is printed."""
    found, now = case_of(request, reference), timezone.now()
    read(request, found, now)
    made = papers.pdf("slip", queries.slip(found, on=timezone.localdate()))
    return paper(made, name=f"bulletin-{found.reference}.pdf")
