"""The page of an appointment behind its secret link: see it, move it, cancel it, an earlier one."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.appointments import actions, calendars, letters, queries, rules, stamps
from parvis.appointments.forms.public import EarlierForm
from parvis.appointments.models import Appointment, Offer
from parvis.appointments.views.public import DAYS_SHOWN, day_asked
from parvis.common.qr import qr_svg
from parvis.web import answering
from parvis.web import rules as web_rules
from parvis.web.secret import Unknown, secret_page, write


def _appointment(request: HttpRequest, secret: str) -> Appointment:
    found = queries.by_secret(secret, timezone.now())
    if found is None:
        raise Unknown
    authority = found.agenda.site.authority
    host = request.get_host().partition(":")[0]
    if authority.hostname != host and answering.is_front_door(host):
        raise Unknown  # opened under the host name of another authority
    request.authority = authority  # type: ignore[attr-defined]  # name and colours
    return found


@secret_page
@require_http_methods(["GET", "HEAD"])
def appointment(request: HttpRequest, secret: str) -> HttpResponse:
    return _page(request, _appointment(request, secret), secret)


def _page(
    request: HttpRequest,
    found: Appointment,
    secret: str,
    refusal: str = "",
    status: int = 200,
    form: EarlierForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    offer = queries.held_for(found, now=now)
    may_change = found.state == rules.BOOKED and found.starts_at > now
    context = {
        **_shared(found, secret),
        "may_change": may_change,
        "may_wait": may_change and bool(found.email or found.phone),
        "earlier_form": form or _earlier_form(found),
        "offer": offer if may_change else None,
        "documents": letters.documents_of(found),
        "refusal": refusal,
    }
    with timezone.override(found.agenda.site.timezone):
        return render(request, "appointments/mine.html", context, status=status)


def _earlier_form(found: Appointment, given: QueryDict | None = None) -> EarlierForm:
    """From which day on an earlier time would suit: from today until the appointment."""
    zone = ZoneInfo(found.agenda.site.timezone)
    return EarlierForm(
        given,
        initial={"earlier_from": found.earlier_from},
        first=timezone.now().astimezone(zone).date(),
        last=found.starts_at.astimezone(zone).date(),
    )


def _shared(found: Appointment, secret: str) -> dict[str, Any]:
    service = found.agenda.service
    return {
        "appointment": found,
        "secret": secret,
        "site": found.agenda.site,
        "service": service,
        "minutes": letters.minutes_of(found),
        "contact": queries.expected_by(found.agenda, timezone.localdate()),
        "state_words": queries.state_words(found),
        "phone": service.phone or found.agenda.site.authority.phone,
        "phone_href": web_rules.telephone_address(
            service.phone or found.agenda.site.authority.phone
        ),
    }


def _write(
    request: HttpRequest, found: Appointment, secret: str, effect: Callable[[], None]
) -> HttpResponse:
    """One effect per form; a lawful no is shown on the page itself."""
    subject = f"appointment:{found.pk}"
    if refused := write(request, subject, subject, effect):
        fresh = _appointment(request, secret)
        return _page(request, fresh, secret, refusal=refused.message, status=409)
    return HttpResponseRedirect(reverse("web:appointment", args=[secret]))


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, secret: str) -> HttpResponse:
    found = _appointment(request, secret)
    row = queries.offering(found.agenda_id, found.topic_id)
    now = timezone.now()
    if request.method == "POST":
        starts_at = stamps.instant(request.POST.get("when", ""))
        if starts_at is None:
            raise Http404

        def effect() -> None:
            actions.move(found, starts_at=starts_at, now=timezone.now())
            messages.success(request, _("Your appointment has a new time."))

        return _write(request, found, secret, effect)
    may_change = found.state == rules.BOOKED and found.starts_at > now and row is not None
    first = day_asked(request)
    with timezone.override(found.agenda.site.timezone):
        days = queries.free_days(
            [row] if row and may_change else [],
            now=now,
            first=first,
            count=DAYS_SHOWN + 1,
            ignoring=found,
        )
        context = {
            **_shared(found, secret),
            "may_change": may_change,
            "days": days[:DAYS_SHOWN],
            "more": days[DAYS_SHOWN].day if len(days) > DAYS_SHOWN else None,
            "first": first,
        }
        return render(request, "appointments/move.html", context)


@secret_page
@require_POST
def cancel(request: HttpRequest, secret: str) -> HttpResponse:
    found = _appointment(request, secret)

    def effect() -> None:
        actions.cancel(found, now=timezone.now())
        messages.success(request, _("Your appointment is cancelled. Thank you for telling us."))

    return _write(request, found, secret, effect)


@secret_page
@require_POST
def earlier(request: HttpRequest, secret: str) -> HttpResponse:
    found = _appointment(request, secret)
    form = _earlier_form(found, request.POST)
    wanted = "stop" not in request.POST
    if wanted and not form.is_valid():
        return _page(request, found, secret, form=form, status=422)

    def effect() -> None:
        actions.wait_for_earlier(
            found,
            now=timezone.now(),
            wanted=wanted,
            earlier_from=form.cleaned_data["earlier_from"] if wanted else None,
        )
        told = _("You will be told when an earlier time becomes free.")
        messages.success(request, told if wanted else _("You will not be told any more."))

    return _write(request, found, secret, effect)


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, secret: str, offer_id: int) -> HttpResponse:
    found = _appointment(request, secret)
    made = found.offers.select_related("agenda__site__authority").filter(pk=offer_id).first()
    if made is None:
        raise Unknown
    made.appointment = found
    if request.method == "POST":
        return _write(request, found, secret, lambda: _answer(request, made))
    is_open = made.state == Offer.State.OPEN and made.expires_at > timezone.now()
    with timezone.override(found.agenda.site.timezone):
        context = {**_shared(found, secret), "offer": made, "is_open": is_open}
        return render(request, "appointments/offer.html", context)


def _answer(request: HttpRequest, made: Offer) -> None:
    if "decline" in request.POST:
        actions.decline(made, now=timezone.now())
        messages.success(request, _("You keep your appointment."))
        return
    actions.accept(made, now=timezone.now())
    messages.success(request, _("The earlier time is yours."))


@secret_page
@require_GET
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    found = _appointment(request, secret)
    method = calendars.method_for(found.state, has_guest=False)
    text = letters.calendar_of(found, now=timezone.now(), method=method)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return answer


@secret_page
@require_GET
def slip(request: HttpRequest, secret: str) -> HttpResponse:
    found = _appointment(request, secret)
    address = request.build_absolute_uri(reverse("web:appointment", args=[secret]))
    context = {
        **_shared(found, secret),
        "documents": letters.documents_of(found),
        "qr": qr_svg(address, label=_("Code that opens this page")),
        "back": reverse("web:appointment", args=[secret]),
    }
    with timezone.override(found.agenda.site.timezone):
        return render(request, "appointments/slip.html", context)
