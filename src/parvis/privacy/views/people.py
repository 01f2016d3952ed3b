"""People and what they ask about their data; cases on hold."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases.models import Case
from parvis.common import codes, journal
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.contacts.models import Person
from parvis.privacy import actions, queries
from parvis.privacy.forms import (
    ActForm,
    AnswerForm,
    CorrectForm,
    DayForm,
    HoldForm,
    IdentityForm,
    ReasonForm,
    RefusalForm,
    RequestForm,
    SearchForm,
)
from parvis.privacy.models import Hold, PersonRequest
from parvis.privacy.views.slips import parcel_answer
from parvis.privacy.views.tabs import tabs

MANAGES = "privacy.manage"
SHOWN = 100
CONFLICT = 409
ACTS: dict[str, tuple[type[ActForm], Callable[..., Any]]] = {
    "identite": (IdentityForm, lambda row, **said: actions.check_identity(row, **said)),
    "delai": (
        ReasonForm,
        lambda row, agent, now, reason: actions.prolong(row, agent=agent, reason=reason),
    ),
    "jour": (DayForm, lambda row, **said: actions.correct_day(row, **said)),
    "retrait": (ReasonForm, lambda row, **said: actions.withdraw(row, **said)),
    "reponse": (AnswerForm, lambda row, **said: actions.answer(row, **said)),
    "refus": (RefusalForm, lambda row, **said: actions.refuse(row, **said)),
    "rectification": (
        CorrectForm,
        lambda row, agent, now, **said: actions.correct(row, agent=agent, now=now, changes=said),
    ),
    "effacement": (ActForm, lambda row, **said: actions.erase(row, **said)),
    "limitation": (ActForm, lambda row, **said: actions.limit(row, **said)),
}
FITTING = {
    "access": ("reponse",),
    "rectify": ("rectification",),
    "erase": ("effacement",),
    "limit": ("limitation",),
    "object": ("effacement", "reponse"),
}


@requires(MANAGES)
@require_safe
def requests(request: AgentRequest) -> HttpResponse:
    return _requests(request, HoldForm(auto_id="hold_%s"))


def _requests(request: AgentRequest, hold_form: HoldForm, *, status: int = 200) -> HttpResponse:
    form = SearchForm(request.GET or None)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    own = PersonRequest.objects.visible_to(request.user).select_related("person")
    today = timezone.localdate()
    context = {
        "tabs": tabs(request),
        "form": form,
        "typed": typed,
        "found": queries.found_people(request.user, typed),
        "open": [(row, row.due_on < today) for row in own.filter(state="open")[:SHOWN]],
        "ended": own.exclude(state="open").order_by("-ended_at")[:20],
        "holds": _holds(request).select_related("case", "placed_by__entry")[:SHOWN],
        "hold_form": hold_form,
    }
    return render(request, "privacy/requests.html", context, status=status)


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def person(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    form = RequestForm(
        request.POST or None, initial={"received_on": timezone.localdate(now).isoformat()}
    )
    if form.is_valid():
        try:
            made = actions.take_request(row, agent=request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            form.add_error("received_on", refused.message)
        else:
            messages.success(
                request,
                _("The request is written down: the answer is due on %(day)s.")
                % {"day": date_format(made.due_on)},
            )
            return redirect("privacy:request", made.pk)
    journal.record(request.user, "privacy.person_looked_up", row)
    context = {
        "tabs": tabs(request),
        "person": row,
        "form": form,
        "parts": queries.holdings(row),
        "asked": PersonRequest.objects.filter(person=row).order_by("-received_on"),
        "cases": [
            (case, codes.format_reference(case.reference))
            for case in queries.kept_reasons(row)[:SHOWN]
        ],
    }
    return render(request, "privacy/person.html", context)


@requires(MANAGES)
@require_safe
def show(request: AgentRequest, pk: int) -> HttpResponse:
    return _page(request, _request(request, pk))


@requires(MANAGES)
@once
@require_POST
def act(request: AgentRequest, pk: int, act: str) -> HttpResponse:
    row = _request(request, pk)
    form_class, write = ACTS[act]
    form = form_class(request.POST, auto_id=f"{act}_%s", kind=row.kind)
    if not form.is_valid():
        return _page(request, row, **{act: form}, status=422)
    try:
        write(row, agent=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _page(request, _request(request, pk), **{act: form}, status=409)
    messages.success(request, _("Written down."))
    return redirect("privacy:request", row.pk)


@requires(MANAGES)
@require_POST
def copy(request: AgentRequest, pk: int) -> HttpResponse:
    row = _request(request, pk)
    try:
        parcel = actions.export_person(
            row,
            agent=request.user,
            now=timezone.now(),
            with_internal="with_internal" in request.POST,
        )
    except Refused as refused:
        refuse(request, refused)
        return redirect("privacy:request", row.pk)
    return parcel_answer(parcel, f"copie-{row.pk}.zip")


@requires(MANAGES)
@once
@require_POST
def hold(request: AgentRequest) -> HttpResponse:
    form = HoldForm(request.POST, auto_id="hold_%s")
    if not form.is_valid():
        return _requests(request, form, status=422)
    case = Case.objects.filter(
        authority_id=request.user.authority_id,
        reference__iexact=form.cleaned_data["case"].replace(" ", ""),
    ).first()
    try:
        if case is None:
            raise Refused(_("There is no case with this reference."))
        actions.hold(
            case, agent=request.user, now=timezone.now(), reason=form.cleaned_data["reason"]
        )
    except Refused as refused:
        form.add_error(None, refused.message)
        return _requests(request, form, status=409)
    messages.success(request, _("Nothing eliminates this case until the hold is lifted."))
    return redirect("privacy:requests")


@requires(MANAGES)
@once
@require_POST
def lift(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Hold.objects.visible_to(request.user), pk=pk)
    if row.lifted_at is not None:
        messages.info(request, _("This hold is lifted already."))
        return redirect("privacy:requests")
    actions.lift(row, agent=request.user, now=timezone.now())
    messages.success(request, _("The hold is lifted."))
    return redirect("privacy:requests")


def _holds(request: AgentRequest) -> Any:
    return Hold.objects.visible_to(request.user).filter(lifted_at=None)


def _request(request: AgentRequest, pk: int) -> PersonRequest:
    rows = PersonRequest.objects.visible_to(request.user).select_related(
        "person", "taken_by__entry", "ended_by__entry"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: AgentRequest, row: PersonRequest, *, status: int = 200, **bound: Any
) -> HttpResponse:
    person = row.person
    initial = {**vars(row), **(vars(person) if person else {})}
    names = FITTING[row.kind] if row.state == "open" and row.identity_checked_at else ()
    context = {
        "tabs": tabs(request),
        "row": row,
        "is_open": row.state == "open",
        "is_late": row.state == "open" and row.due_on < timezone.localdate(),
        "forms": {
            name: bound.get(name) or form(auto_id=f"{name}_%s", initial=initial, kind=row.kind)
            for name, (form, _write) in ACTS.items()
        },
        "fitting": names,
        "refused": next(iter(bound.values()), None) if status == CONFLICT else None,
        "parts": queries.holdings(person) if person else [],
        "erasable": queries.holdings(person, obliged=False) if person else [],
        "kept": queries.kept_reasons(person) if person else [],
    }
    return render(request, "privacy/request.html", context, status=status)
