"""One's own thanks, for oneself; the team's count, for the team; no ranking anywhere."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import asking
from parvis.cases import queries as cases
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.forms import posted
from parvis.common.http import once, requires
from parvis.common.tables import csv_answer
from parvis.feedback import actions, queries
from parvis.feedback.forms import ThanksForm


@requires("own.read")
@require_safe
def thanks(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "received": queries.thanks_of(request.user),
        "team": queries.team_thanks(request.user, now=now),
        "service": request.user.service,
        "years": queries.years_thanked(request.user),
        "sees_teams": request.user.may("thanks.read"),
    }
    page = render(request, "feedback/thanks.html", context)
    actions.see_thanks(request.user, now=now)
    return page


@requires("thanks.read")
@require_safe
def teams(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    context = {"teams": queries.teams(request.user, now=now), "year": timezone.localdate().year}
    return render(request, "feedback/teams.html", context)


@requires("own.read")
@require_safe
def export(request: AgentRequest) -> HttpResponse:
    years = queries.years_thanked(request.user)
    wanted = request.GET.get("annee", "")
    year = next((one for one in years if str(one) == wanted), timezone.localdate().year)
    rows = [
        [
            date_format(timezone.localtime(row.thanks.at), "SHORT_DATE_FORMAT"),
            row.thanks.case.service.label,
            row.thanks.words,
        ]
        for row in queries.thanks_of(request.user, year=year)
    ]
    return csv_answer(f"merci-{year}.csv", [_("Date"), _("Service"), _("Words")], rows)


@requires("cases.act")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: AgentRequest, reference: str) -> HttpResponse:
    plain = codes.parse_reference(reference)
    case = get_object_or_404(cases.whole(request.user), reference=plain)
    asking.check(case, request.user, timezone.now())
    form = ThanksForm(posted(request), auto_id="thanks_%s")
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.thank(case, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("The thank you has reached those who worked on it."))
            return redirect("cases:case", case.reference)
    context = {"case": case, "form": form, "refusal": refusal}
    return render(request, "feedback/pass_on.html", context, status=409 if refusal else 200)
