"""An appointment with whoever follows the case, in three steps from its page."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from parvis.appointments import actions, keys, queries, stamps
from parvis.appointments.models import AgendaTopic, Appointment, Made
from parvis.appointments.views.public import DAYS_SHOWN, day_asked
from parvis.cases.models import Case
from parvis.common.clock import local_day
from parvis.common.errors import Busy, Refused
from parvis.web.queries import meetings
from parvis.web.secret import Unknown, count_write, once, secret_page
from parvis.web.views.tracking import case_of


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, secret: str) -> HttpResponse:
    case = case_of(request, secret)
    row = meetings.who_may_be_met(case)
    if row is None:
        raise Unknown
    with timezone.override(row.agenda.site.timezone):
        if request.method != "POST":
            return _page(request, case, row, secret)
        starts_at = stamps.instant(request.POST.get("when", ""))
        if starts_at is None:
            raise Http404
        try:
            count_write(f"case:{case.pk}")
            made = _book(request, case, _met(case, row, starts_at), starts_at)
        except Busy:
            raise
        except Refused as refusal:
            return _page(request, case, row, secret, refusal=refusal.message)
    return HttpResponseRedirect(keys.page_path(made))


def _met(case: Case, row: AgendaTopic, starts_at: datetime) -> AgendaTopic:
    """Whoever is there that day: the one who follows the case, or who stands in."""
    day = local_day(starts_at, ZoneInfo(row.agenda.site.timezone))
    return meetings.met_on(row, meetings.instead_of(case, row, now=timezone.now()), day)


def _book(request: HttpRequest, case: Case, row: AgendaTopic, starts_at: datetime) -> Appointment:
    person = case.person
    guest = actions.Guest(
        name=f"{person.first_name} {person.last_name}".strip() if person else "",
        email=person.email if person else "",
        phone=person.phone if person else "",
        language=get_language() or "fr",
        person=person,
    )
    if not guest.name:
        guest = actions.Guest(name=case.reference, language=guest.language)
    now = timezone.now()

    def effect() -> None:
        actions.book(row, starts_at=starts_at, guest=guest, now=now, made=Made.CASE, case=case)

    once(request, f"tracking:{case.pk}:appointment", effect)
    return Appointment.objects.filter(case=case, starts_at=starts_at).latest("booked_at")


def _page(
    request: HttpRequest, case: Case, row: AgendaTopic, secret: str, refusal: str = ""
) -> HttpResponse:
    now = timezone.now()
    first = day_asked(request)
    instead = meetings.instead_of(case, row, now=now)
    days = meetings.free_days(row, instead, now=now, first=first, count=DAYS_SHOWN + 1)
    context = {
        "case": case,
        "secret": secret,
        "site": row.agenda.site,
        "service": row.agenda.service,
        "topic": row.topic,
        "minutes": row.minutes,
        "contact": queries.expected_by(row.agenda, timezone.localdate()),
        "instead": instead,
        "days": days[:DAYS_SHOWN],
        "more": days[DAYS_SHOWN].day if len(days) > DAYS_SHOWN else None,
        "first": first,
        "refusal": refusal,
    }
    status = 409 if refusal else 200
    return render(request, "appointments/with_referent.html", context, status=status)
