"""Saying why a case of another service is opened."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.forms import DangerForm, ReasonForm
from parvis.cases.views.fetching import any_case_of, reason_page, stub_page
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, refuse, requires


@requires("cases.read")
@once
@require_POST
def why(request: AgentRequest, reference: str) -> HttpResponse:
    found = any_case_of(request, reference)
    form = ReasonForm(request.POST, auto_id="why_%s")
    if not form.is_valid():
        return reason_page(request, found, form, status=422)
    try:
        actions.say_why(found, agent=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return reason_page(request, found, form, refusal=refused.message, status=409)
    return redirect(next_address(request, reverse("cases:case", args=[found.reference])))


@requires("cases.break_seal")
@once
@require_POST
def danger(request: AgentRequest, reference: str) -> HttpResponse:
    plain = codes.parse_reference(reference) or ""
    found = queries.sealed(request.user, plain)
    if found is None or not found.service.is_sensitive:
        raise Http404
    form = DangerForm(request.POST, auto_id="danger_%s")
    if not form.is_valid():
        return stub_page(request, plain, form, status=422)
    try:
        actions.break_seal(found, agent=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        refuse(request, refused, typed=["words"])
    return redirect("cases:case", plain)
