"""Around one case: what belongs to it, who takes part, who acts for the person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.around_forms import MERGE, JoinForm, MandateForm, PartyForm, WhyForm
from parvis.cases.models import Case, CaseLink, CaseMerge, CaseParty, Mandate
from parvis.cases.views.fetching import asks_why, case_of
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import full_address, once, refuse, requires
from parvis.common.qr import qr_svg
from parvis.contacts import actions as contacts
from parvis.contacts.models import Person

LINKS = "mandate_links"  # in the session: the link of a representative just named, shown once
LINK_SHOWN = timedelta(minutes=15)


@requires("cases.read")
@asks_why
@require_safe
def show(request: AgentRequest, reference: str) -> HttpResponse:
    return _page(request, case_of(request, reference))


def _page(
    request: AgentRequest, found: Case, *, refusal: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    agent, now, today = request.user, timezone.now(), timezone.localdate()
    join = JoinForm(agent=agent, case=found, initial={"reference": request.GET.get("code", "")})
    mandate = MandateForm(auto_id="mandate_%s", initial={"first_day": today.isoformat()})
    parts = queries.parts_of(found, now)
    context = {
        "case": found,
        "reference": codes.format_reference(found.reference),
        "alike": queries.duplicates_of(found, agent),
        "parts": [(part, queries.told(part.case, today)) for part in parts],
        "links": queries.links_of(found, agent),
        "parties": queries.parties_of(found),
        "mandates": queries.mandates_of(found, today),
        "recipients": queries.recipients(found, today),
        "new_link": _link_shown(request, found, now),
        "may_act": agent.may("cases.act"),
        "join_form": forms.get("join_form") or join,
        "party_form": forms.get("party_form") or PartyForm(auto_id="party_%s"),
        "mandate_form": forms.get("mandate_form") or mandate,
        "open_form": next(iter(forms), ""),
        "refusal": refusal,
    }
    return render(request, "cases/around.html", context, status=status)


def _link_shown(request: AgentRequest, found: Case, now: datetime) -> dict[str, str] | None:
    kept = request.session.get(LINKS, {}).get(found.reference)
    if not kept or now - datetime.fromisoformat(kept[1]) > LINK_SHOWN:
        return None
    address = full_address(reverse("web:tracking", args=[kept[0]]))
    label = _("Code that opens the page of the request")
    return {"address": address, "who": kept[2], "qr": qr_svg(address, label=label)}


def _done(request: AgentRequest, found: Case, effect: Callable[[], str]) -> HttpResponse:
    """Back to the page, with what was done or why it was not."""
    try:
        messages.success(request, effect())
    except Refused as refused:
        refuse(request, refused, typed=["reason"])
    return redirect("cases:around", found.reference)


@requires("cases.act")
@once
@asks_why
@require_POST
def join(request: AgentRequest, reference: str) -> HttpResponse:
    found, now = case_of(request, reference), timezone.now()
    form = JoinForm(request.POST, agent=request.user, case=found)
    if not form.is_valid():
        return _page(request, found, join_form=form, status=422)
    other, how = form.cleaned_data["reference"], form.cleaned_data["how"]
    try:
        if how == MERGE:
            why = form.cleaned_data["reason"]
            actions.merge(other, into=found, agent=request.user, now=now, reason=why)
            said = _("They are one case now. You may take them apart within thirty days.")
        else:
            actions.link(found, to=other, kind=how, agent=request.user, now=now)
            said = _("Linked: each case shows the other one.")
    except Refused as refused:
        return _page(request, found, join_form=form, refusal=refused.message, status=409)
    messages.success(request, said)
    return redirect("cases:around", found.reference)


@requires("cases.act")
@once
@asks_why
@require_POST
def apart(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    inside = CaseMerge.objects.filter(merged__in=queries.part_ids(found))
    row = get_object_or_404(inside, pk=pk)

    def effect() -> str:
        why = request.POST.get("reason", "")
        actions.take_apart(row, agent=request.user, now=timezone.now(), reason=why)
        return _("They are two cases again, each with its own story.")

    return _done(request, found, effect)


@requires("cases.act")
@once
@asks_why
@require_POST
def unlink(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    known = {link.pk for link in queries.links_of(found, request.user)}
    row = get_object_or_404(CaseLink.objects.filter(pk__in=known), pk=pk)

    def effect() -> str:
        actions.unlink(row, agent=request.user, now=timezone.now())
        return _("The link has ended.")

    return _done(request, found, effect)


def _person(request: AgentRequest, given: dict[str, str]) -> Person:
    """Somebody the house knows already by telephone or e-mail, else a new person."""
    person, _linking = contacts.identify_person(request.user.authority, now=timezone.now(), **given)
    return person


@requires("cases.act")
@once
@asks_why
@require_POST
def party(request: AgentRequest, reference: str) -> HttpResponse:
    found, now = case_of(request, reference), timezone.now()
    form = PartyForm(request.POST, auto_id="party_%s")
    if not form.is_valid():
        return _page(request, found, party_form=form, status=422)
    try:
        person, part = _person(request, form.person()), form.cleaned_data["part"]
        actions.add_party(found, person=person, part=part, agent=request.user, now=now)
    except Refused as refused:
        return _page(request, found, party_form=form, refusal=refused.message, status=409)
    messages.success(request, _("Noted: the story says so."))
    return redirect("cases:around", found.reference)


@requires("cases.act")
@once
@asks_why
@require_POST
def party_end(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    rows = CaseParty.objects.filter(case__in=queries.part_ids(found))
    row = get_object_or_404(rows.select_related("case__service", "person"), pk=pk)

    def effect() -> str:
        actions.end_party(row, agent=request.user, now=timezone.now())
        return _("Noted: the story says so.")

    return _done(request, found, effect)


@requires("cases.act")
@once
@asks_why
@require_POST
def mandate(request: AgentRequest, reference: str) -> HttpResponse:
    found, now = case_of(request, reference), timezone.now()
    form = MandateForm(request.POST, auto_id="mandate_%s")
    if not form.is_valid():
        return _page(request, found, mandate_form=form, status=422)
    try:
        made = actions.give_mandate(
            found,
            holder=_person(request, form.person()),
            terms=form.terms(),
            agent=request.user,
            now=now,
        )
    except Refused as refused:
        return _page(request, found, mandate_form=form, refusal=refused.message, status=409)
    kept = dict(list(request.session.get(LINKS, {}).items())[-4:])
    kept[found.reference] = [made.secret, now.isoformat(), str(made.mandate.holder)]
    request.session[LINKS] = kept
    messages.success(request, _("Written down. Give them their own link now: it is shown once."))
    return redirect("cases:around", found.reference)


@requires("cases.act")
@once
@asks_why
@require_POST
def mandate_end(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    rows = Mandate.objects.filter(case__in=queries.part_ids(found))
    row = get_object_or_404(rows.select_related("case__service", "holder"), pk=pk)
    form = WhyForm(request.POST)

    def effect() -> str:
        why = form.cleaned_data["reason"] if form.is_valid() else ""
        actions.revoke_mandate(row, agent=request.user, now=timezone.now(), reason=why)
        request.session.pop(LINKS, None)
        return _("The mandate has ended, and its link with it.")

    return _done(request, found, effect)
