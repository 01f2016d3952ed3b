"""What the person asked for, and who is asking: calls to make, checks before anything is told."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.forms_page import CallForm, IdentityForm, RefuseForm
from parvis.cases.models import CallBack, Case, MissingItem
from parvis.cases.queries import Identified
from parvis.cases.rules.doors import Telling
from parvis.cases.views.fetching import asks_why, case_of
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.forms import posted
from parvis.common.http import once, refuse, requires

CHECKS = "checks"  # in the session: what may be told after a check, and of which case
CHECKS_KEPT = 5
CHECK_HOLDS = timedelta(minutes=15)


@requires("cases.read")
@require_safe
def calls(request: AgentRequest) -> HttpResponse:
    everybody = request.GET.get("qui") == "tous"
    service = None if everybody else request.user.service_id
    context = {
        "rows": queries.calls_to_make(request.user, service_id=service),
        "everybody": everybody or service is None,
        "now": timezone.now(),
        "may_act": request.user.may("cases.act"),
    }
    return render(request, "cases/calls.html", context)


@requires("cases.act")
@once
@asks_why
@require_POST
def call(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    row = get_object_or_404(
        CallBack.objects.select_related("case__service"),
        case__in=queries.part_ids(found),
        pk=pk,
    )
    said, agent, now = request.POST.get("what", ""), request.user, timezone.now()
    row.case = found

    def note() -> None:
        if said == "withdrawn":
            actions.withdraw_call(row, agent=agent, now=now)
        else:
            actions.note_call(row, agent=agent, now=now, answered=said == "made")
        messages.success(request, _("Noted: the person reads it on their page."))

    _try(request, note)
    if request.POST.get("next") == "calls":
        return redirect("cases:calls")
    return redirect("cases:case", found.reference)


@requires("cases.act")
@once
@asks_why
@require_http_methods(["GET", "HEAD", "POST"])
def promise_call(request: AgentRequest, reference: str) -> HttpResponse:
    found, now = case_of(request, reference), timezone.now()
    form = CallForm(
        posted(request),
        moments=queries.moments_to_call(found, now),
        ending=found.person.phone[-2:] if found.person else "",
    )
    refusal = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.ask_call(
                found,
                now=now,
                agent=request.user,
                **form.wanted,
                phone=given["phone"],
                words=given["words"],
            )
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("The call is promised."))
            return redirect("cases:case", found.reference)
    context = {"case": found, "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "cases/promise_call.html", context, status=status)


@requires("cases.act")
@once
@asks_why
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_item(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    item = get_object_or_404(
        MissingItem.objects.filter(case__in=queries.part_ids(found)).select_related(
            "case__service"
        ),
        pk=pk,
    )
    form = RefuseForm(posted(request), initial={"until": item.until})
    refusal = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.refuse_item(item, agent=request.user, now=timezone.now(), **given)
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("The person reads why, and what would do."))
            return redirect("cases:case", found.reference)
    context = {"case": found, "item": item, "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "cases/refuse_item.html", context, status=status)


@requires("cases.act")
@once
@asks_why
@require_POST
def shut_link(request: AgentRequest, reference: str) -> HttpResponse:
    found = case_of(request, reference)

    def shut() -> None:
        actions.revoke_link(found, agent=request.user, now=timezone.now())
        messages.success(request, _("Nothing opens the page any more. A new link can be made."))

    _try(request, shut)
    return redirect("cases:slip", found.reference)


@requires("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def identify(request: AgentRequest) -> HttpResponse:
    """Who is asking? What they say is compared with what we hold, which is not shown first."""
    if request.method != "POST":
        return _identified_page(request, IdentityForm(), _checked(request))
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/identify.html", {"form": form}, status=422)
    found = queries.identified(request.user, **form.cleaned_data)
    _note(request, found)
    if found.case is None or found.telling == Telling.NOTHING:
        # Perhaps misheard: what was typed stays in the form, and nowhere else.
        return _identified_page(request, form, found, status=409)
    token = _keep_check(request, found.case, found.telling)
    return redirect(f"{reverse('cases:identify')}?{urlencode({'vu': token})}")


def _identified_page(
    request: AgentRequest, form: IdentityForm, found: Identified | None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "found": found, "vu": request.GET.get("vu", "")}
    if found is not None and found.case is not None and found.telling != Telling.NOTHING:
        case = found.case
        context |= {
            "receipt": queries.receipt(case, timezone.localdate()),
            "awaited": queries.awaited(case),
            "missing": queries.still_missing(case),
            "code": codes.format_reference(case.reference),
        }
    return render(request, "cases/identify.html", context, status=status)


@requires("cases.act")
@require_POST
def speak_code(request: AgentRequest) -> HttpResponse:
    """Six digits for the page of somebody who has just been checked, shown once."""
    found, token = _checked(request), request.GET.get("vu", "")
    if found is None or found.case is None or found.telling != Telling.CONTENT:
        raise Http404
    try:
        digits = actions.speak_code(found.case, agent=request.user, now=timezone.now())
    except Refused as refused:
        refuse(request, refused)
    else:
        said = _("Tell them: %(digits)s. They type it on their page within ten minutes.")
        spaced = f"{digits[:3]}\u00a0{digits[3:]}"
        messages.success(request, said % {"digits": spaced})
    return redirect(f"{reverse('cases:identify')}?{urlencode({'vu': token})}")


def _keep_check(request: AgentRequest, case: Case, telling: str) -> str:
    """What may be told, until the page is read: in the session, without what was said."""
    kept, token = request.session.get(CHECKS, {}), secrets.token_urlsafe(9)
    last = dict(list(kept.items())[-(CHECKS_KEPT - 1) :])
    last[token] = [case.reference, str(telling), timezone.now().isoformat()]
    request.session[CHECKS] = last
    return token


def _checked(request: AgentRequest) -> Identified | None:
    """A check of a moment ago, as far as the case is still theirs to read."""
    kept = request.session.get(CHECKS, {}).get(request.GET.get("vu", ""))
    if not kept or timezone.now() - datetime.fromisoformat(kept[2]) > CHECK_HOLDS:
        return None
    case = queries.whole(request.user).filter(reference=kept[0]).first()
    return Identified(case, None, frozenset(), Telling(kept[1])) if case else None


def _note(request: AgentRequest, found: Identified) -> None:
    if found.case is not None:
        now = timezone.now()
        # Whoever proved who they are is on the telephone or at the desk: that is the reason.
        if found.telling != "nothing" and queries.needs_reason(found.case, request.user, now):
            actions.say_why(found.case, agent=request.user, now=now, reason="here")
        actions.note_identity_check(
            found.case, agent=request.user, checks=list(found.checks), telling=found.telling
        )


def _try(request: AgentRequest, effect: Callable[[], None]) -> None:
    try:
        effect()
    except Refused as refused:
        refuse(request, refused)
