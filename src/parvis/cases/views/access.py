"""The log of readings: a page with filters, and its export."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.around_forms import AccessForm
from parvis.common.http import requires
from parvis.common.tables import csv_answer


@requires("cases.log")
@require_safe
def log(request: AgentRequest) -> HttpResponse:
    form = AccessForm(request.GET or None, agent=request.user)
    page = queries.access_log(request.user, form.filters(), after=request.GET.get("after", "")[:60])
    query = _query(request)
    context = {
        "form": form,
        "lines": page.lines,
        "is_narrowed": bool(query),
        "older_url": f"?{query}&after={page.next}" if page.next else "",
        "query": query,
        "reads_sealed": request.user.may("journal.read"),
    }
    return render(request, "cases/access.html", context)


@requires("cases.log")
@require_safe
def export(request: AgentRequest) -> HttpResponse:
    form = AccessForm(request.GET or None, agent=request.user)
    filters = form.filters()
    header = [
        pgettext("column", "When"), _("Reader"), _("Of the service"), _("Case"),
        _("Followed by the service"), pgettext("column", "Reason"), _("In their words"),
    ]  # fmt: skip
    actions.note_log_exported(request.user, now=timezone.now())
    zone = timezone.get_current_timezone()
    rows = _rows(request, filters, ZoneInfo(str(zone)))
    return csv_answer(f"lectures-{timezone.localdate():%Y%m%d}.csv", header, rows)


def _rows(request: AgentRequest, filters: Any, zone: ZoneInfo) -> Iterator[list[object]]:
    for line in queries.whole_log(request.user, filters):
        at = line.at.astimezone(zone).isoformat(timespec="seconds")
        yield [
            at, line.who, line.of_service, line.reference, line.case_service, line.reason,
            line.words,
        ]  # fmt: skip


def _query(request: AgentRequest) -> str:
    given = request.GET.copy()
    given.pop("after", None)
    for name in [name for name, value in given.items() if not value]:
        given.pop(name)
    return given.urlencode()
