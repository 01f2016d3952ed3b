"""The e-mails of one case: what came, what left, what did not arrive, the link once more."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import asking
from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.mail import actions, queries
from parvis.mail.models import OutgoingMail

FEW = 4


def _case(request: AgentRequest, reference: str) -> Case:
    plain = codes.parse_reference(reference)
    if plain is None:
        raise Http404
    found = get_object_or_404(cases.whole(request.user), reference=plain)
    return asking.check(found, request.user, timezone.now())


@requires("cases.read")
@require_safe
@never_cache
def of_case(request: AgentRequest, reference: str) -> HttpResponse:
    """All mail of a case; its summary is shown on the page of the case."""
    case = _case(request, reference)
    story = queries.mails_of_case(case)
    address = case.person.email if case.person else ""
    context = {
        "case": case,
        "reference": codes.format_reference(case.reference),
        "story": story,
        "few": story[:FEW],
        "address": address,
        "dead": queries.is_dead(case.authority_id, address) if address else None,
        "lacking": cases.signature(case, on=timezone.localdate()).lacking,
        "may_act": request.user.may("cases.act"),
        "may_read": request.user.may("mail.sort") or request.user.may("mail.sort_own"),
    }
    return render(request, "mail/of_case.html", context)


@requires("cases.act")
@require_POST
@once
def send_link(request: AgentRequest, reference: str) -> HttpResponse:
    """Have a fresh link to the page of the case sent to the person."""
    case = _case(request, reference)
    try:
        actions.owe_link(case, agent=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, _("A fresh link leaves by e-mail; the former one stops then."))
    return redirect("mail:of-case", reference)


@requires("cases.act")
@require_POST
@once
def send_again(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    """Try once more what was given up."""
    case = _case(request, reference)
    owed = get_object_or_404(OutgoingMail, case=case, pk=pk)
    try:
        actions.send_again(owed, agent=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, _("It is tried again."))
    return redirect("mail:of-case", reference)
