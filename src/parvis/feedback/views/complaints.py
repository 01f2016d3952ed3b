"""Complaints and incidents for agents: what is owed first, one page each."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import asking
from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.forms import posted
from parvis.common.http import once, refuse, requires
from parvis.contacts.models import Channel
from parvis.feedback import actions, queries
from parvis.feedback.forms import ComplaintAnswerForm, IncidentForm, RecordForm, SettleForm
from parvis.feedback.models import Complaint, Incident


@requires("complaints.read")
@require_safe
def complaints(request: AgentRequest) -> HttpResponse:
    answered = request.GET.get("vue") == "repondues"
    context = {
        "rows": queries.complaints(request.user, answered=answered),
        "answered": answered,
        "today": timezone.localdate(),
        "sees_incidents": request.user.may("incidents.read"),
    }
    return render(request, "feedback/complaints.html", context)


@requires("complaints.read")
@require_safe
def complaint(request: AgentRequest, pk: int) -> HttpResponse:
    return _complaint_page(request, _complaint(request, pk))


def _complaint(request: AgentRequest, pk: int) -> Complaint:
    rows = Complaint.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("service", "case__person", "owner__entry", "recorded_by__entry"), pk=pk
    )


def _complaint_page(
    request: AgentRequest,
    row: Complaint,
    form: ComplaintAnswerForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    agent, case = request.user, row.case
    follows = case is not None and agent.pk in {case.referent_id, case.deputy_id}
    may_answer = agent.may("complaints.answer") and not follows and row.state != "answered"
    context = {
        "row": row,
        "reference": codes.format_reference(case.reference) if case else "",
        "may_read_case": case is not None
        and agent.may("cases.read")
        and Case.objects.visible_to(agent).filter(pk=case.pk).exists(),
        "today": timezone.localdate(),
        "follows": follows,
        "may_answer": may_answer,
        "form": form or ComplaintAnswerForm(),
        "refusal": refusal,
        # Answered meanwhile: the words that found no place any more are shown all the same.
        "unsent": "" if may_answer or form is None else form.data.get("answer", ""),
    }
    status = 409 if refusal else 422 if form else 200
    return render(request, "feedback/complaint.html", context, status=status)


@requires("complaints.answer")
@once
@require_POST
def take(request: AgentRequest, pk: int) -> HttpResponse:
    row = _complaint(request, pk)
    return _done(
        request,
        "feedback:complaint",
        pk,
        lambda: actions.take_complaint(row, agent=request.user, now=timezone.now()),
    )


@requires("complaints.answer")
@once
@require_POST
def answer(request: AgentRequest, pk: int) -> HttpResponse:
    row = _complaint(request, pk)
    form = ComplaintAnswerForm(request.POST)
    if not form.is_valid():
        return _complaint_page(request, row, form)
    try:
        actions.answer_complaint(row, agent=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return _complaint_page(request, row, form, refused.message)
    messages.success(request, _("Answered: the person reads it on their page."))
    return redirect("feedback:complaints")


@requires("complaints.record")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: AgentRequest, reference: str) -> HttpResponse:
    case = _case(request, reference)
    form = RecordForm(posted(request), initial={"channel": Channel.PHONE})
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.complain(
                case, now=timezone.now(), agent=request.user, **form.cleaned_data
            )
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Received: the head of reception sees it."))
            return redirect("feedback:complaint", made.pk)
    context = {"case": case, "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "feedback/record.html", context, status=status)


def _case(request: AgentRequest, reference: str) -> Case:
    plain = codes.parse_reference(reference)
    if plain is None:
        raise Http404
    found = get_object_or_404(cases.whole(request.user), reference=plain)
    return asking.check(found, request.user, timezone.now())


@requires("incidents.report")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: AgentRequest, reference: str = "") -> HttpResponse:
    case = _case(request, reference) if reference else None
    form = IncidentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.report_incident(
            agent=request.user, now=timezone.now(), case=case, **form.cleaned_data
        )
        messages.success(request, _("Reported: somebody sees to it, and tells you."))
        return redirect("cases:case", case.reference) if case else redirect("feedback:report")
    context = {"case": case, "form": form}
    status = 422 if form.errors else 200
    return render(request, "feedback/report.html", context, status=status)


@requires("incidents.read")
@require_safe
def incidents(request: AgentRequest) -> HttpResponse:
    context = {"rows": queries.incidents(request.user), "today": timezone.localdate()}
    return render(request, "feedback/incidents.html", context)


@requires("incidents.read")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: AgentRequest, pk: int) -> HttpResponse:
    rows = Incident.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("case", "reported_by", "owner"), pk=pk)
    form = SettleForm(request.POST if "done" in request.POST else None)
    if request.method == "POST":
        if "done" not in request.POST:
            take = actions.take_incident
            return _done(
                request,
                "feedback:incident",
                pk,
                lambda: take(row, agent=request.user, now=timezone.now()),
            )
        if form.is_valid():
            done = form.cleaned_data["done"]
            return _done(
                request,
                "feedback:incident",
                pk,
                lambda: actions.settle_incident(
                    row, agent=request.user, now=timezone.now(), done=done
                ),
            )
    case = row.case
    readable = Case.objects.visible_to(request.user)
    context = {
        "row": row,
        "form": form,
        "today": timezone.localdate(),
        "may_read_case": case is not None
        and request.user.may("cases.read")
        and readable.filter(pk=case.pk).exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "feedback/incident.html", context, status=status)


def _done(request: AgentRequest, page: str, pk: int, effect: Callable[[], object]) -> HttpResponse:
    try:
        effect()
    except Refused as refused:
        refuse(request, refused)
    return redirect(page, pk)
