"""One's own thanks, for oneself; the team's count, for the team; no ranking anywhere."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.http import requires
from parvis.common.tables import csv_answer
from parvis.feedback import actions, queries


@requires("own.read")
@require_safe
def thanks(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "received": queries.thanks_of(request.user),
        "team": queries.team_thanks(request.user, now=now),
        "service": request.user.service,
    }
    page = render(request, "feedback/thanks.html", context)
    actions.see_thanks(request.user, now=now)
    return page


@requires("own.read")
@require_safe
def export(request: AgentRequest) -> HttpResponse:
    rows = [
        [
            date_format(timezone.localtime(row.thanks.at), "SHORT_DATE_FORMAT"),
            row.thanks.case.service.label,
            row.thanks.words,
        ]
        for row in queries.thanks_of(request.user)
    ]
    return csv_answer("merci.csv", [_("Date"), _("Service"), _("Words")], rows)
