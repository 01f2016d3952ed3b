"""A colleague books for somebody: at the desk, on the telephone, or about a case."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.accounts.http import AgentRequest
from parvis.appointments import actions, queries, stamps
from parvis.appointments.forms.agent import VisitorForm
from parvis.appointments.models import AgendaTopic, Made
from parvis.appointments.views.public import day_asked
from parvis.cases import asking
from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import once, requires

DAYS_SHOWN = 4


@requires("appointments.book")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@once
def book(request: AgentRequest) -> HttpResponse:
    case = _case(request)
    if case is not None:
        asking.check(case, request.user, timezone.now())
    rows = _rows(request, case)
    row = _row(request, rows, case)
    form = VisitorForm(
        request.POST if request.method == "POST" else None, initial=_known(case), auto_id="v_%s"
    )
    zone = row.agenda.site.timezone if row else str(timezone.get_current_timezone())
    with timezone.override(zone):
        if request.method == "POST" and row is not None:
            return _post(request, form, row, rows, case)
        return _page(request, form, row, rows, case)


def _post(
    request: AgentRequest,
    form: VisitorForm,
    row: AgendaTopic,
    rows: list[AgendaTopic],
    case: Case | None,
) -> HttpResponse:
    starts_at = stamps.instant(request.POST.get("when", ""))
    if not form.is_valid():
        return _page(request, form, row, rows, case, status=422)
    try:
        if starts_at is None:
            raise Refused(_("Choose a time."))
        booked = actions.book(
            row,
            starts_at=starts_at,
            guest=actions.Guest(**form.cleaned_data, person=case.person if case else None),
            now=timezone.now(),
            made=Made.AGENT,
            agent=request.user,
            case=case,
        )
    except Refused as refusal:
        return _page(request, form, row, rows, case, refusal=refusal.message, status=409)
    messages.success(request, _("Booked. Give the code, or print the slip."))
    return redirect("appointments:appointment", code=booked.appointment.code)


def _page(
    request: AgentRequest,
    form: VisitorForm,
    row: AgendaTopic | None,
    rows: list[AgendaTopic],
    case: Case | None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    found = queries.free_days(
        [row] if row else [], now=now, first=day_asked(request), count=DAYS_SHOWN + 1, by_agent=True
    )
    wanted = stamps.instant(request.GET.get("when", ""))
    context = {
        "form": form,
        "row": row,
        "rows": rows,
        "case": case,
        "days": found[:DAYS_SHOWN],
        "more": found[DAYS_SHOWN].day if len(found) > DAYS_SHOWN else None,
        "wanted": wanted,
        "refusal": refusal,
        "des": request.GET.get("des", ""),
    }
    return render(request, "appointments/book.html", context, status=status)


def _case(request: AgentRequest) -> Case | None:
    reference = request.GET.get("dossier", "")
    if not reference:
        return None
    return get_object_or_404(
        cases.whole(request.user), reference=codes.parse_reference(reference) or ""
    )


def _rows(request: AgentRequest, case: Case | None) -> list[AgendaTopic]:
    """What may be booked: for a case, the agendas of the people who follow it first."""
    rows = list(queries.offerings(request.user.authority_id, public=False))
    if case is None:
        return rows
    people = [pk for pk in (case.referent_id, case.deputy_id) if pk]
    first = queries.offerings_for_case(people, case.topic_id)
    return first + [row for row in rows if row.pk not in {one.pk for one in first}]


def _row(request: AgentRequest, rows: list[AgendaTopic], case: Case | None) -> AgendaTopic | None:
    key, topic = request.GET.get("offre", ""), request.GET.get("motif", "")
    if key:
        named = [row for row in rows if str(row.pk) == key]
        if not named:
            raise Http404
        return named[0]
    of_topic = [row for row in rows if row.topic.slug == topic]
    if of_topic:
        at_home = [row for row in of_topic if row.agenda.site_id == request.user.site_id]
        return (at_home or of_topic)[0]
    if case is not None and rows:
        return rows[0]
    return rows[0] if len(rows) == 1 else None


def _known(case: Case | None) -> dict[str, Any]:
    person = case.person if case else None
    if person is None:
        return {}
    name = f"{person.first_name} {person.last_name}".strip()
    return {"name": name, "email": person.email, "phone": person.phone}
