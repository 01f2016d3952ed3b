"""Checking in at the kiosk: by the code, or by one's name and the hour; nobody else is shown."""

import re
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parvis.appointments import actions, queries, rules
from parvis.appointments.forms.kiosk import CheckInForm
from parvis.appointments.models import Appointment
from parvis.common import codes, throttle
from parvis.common.errors import Refused
from parvis.common.http import client_address, once, public
from parvis.organisations.models import Site
from parvis.queue import queries as hall_queries
from parvis.queue.views.halls import Manner, language_of, manner_of
from parvis.queue.views.kiosk import at_kiosk, dressed

# A hall full of people checking in fits; trying names and hours does not.
TRIES = throttle.Limit("check-in", burst=20, seconds=6)
LINK = re.compile(r"/rendez-vous/([A-Za-z0-9_-]{16,64})/?$")  # a scanned code


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@once
@at_kiosk
def check_in(request: HttpRequest, site: Site) -> HttpResponse:
    if request.method != "POST":
        typed = _typed(request.GET.get("code", ""), request.GET.get("touch", ""))
        return _page(request, site, typed)
    form = CheckInForm(request.POST)
    now = timezone.now()
    try:
        throttle.take(TRIES, f"{site.pk}:{client_address(request)}", now=now)
        if not form.is_valid():
            raise Refused(next(map(str, form.non_field_errors()), _unknown()))
        found = _found(site, form.cleaned_data, now)
        arrival = actions.arrive(
            found, now=now, language=language_of(request, hall_queries.languages_of(site))
        )
    except Refused as refusal:
        status = 429 if refusal.code == "busy" else 409
        typed = request.POST.get("code", "")[:24]
        return _page(request, site, typed, refusal=refusal.message, status=status)
    if arrival.issued is None:
        return redirect(_here(request, site, "appointments:received"))
    name = "queue:kiosk-ticket" if arrival.in_time else "appointments:received-late"
    return redirect(_here(request, site, name, arrival.issued.secret))


@public
@require_safe
@never_cache
@at_kiosk
def received(request: HttpRequest, site: Site, secret: str = "") -> HttpResponse:
    """Somebody comes to fetch the visitor; or, late, what the ordinary line means."""
    context: dict[str, Any] = {"ticket": None}
    if secret:
        ticket = hall_queries.ticket_by_secret(secret, timezone.now())
        appointment = Appointment.objects.filter(ticket=ticket).first() if ticket else None
        if ticket is None or appointment is None or ticket.site_id != site.pk:
            raise Http404
        context["ticket"] = ticket
        context["sentence"] = queries.arrival_sentence(
            queries.whole().get(pk=appointment.pk),
            rules.Arriving.LATE,
            ticket.issued_at,
            now=ticket.issued_at,
        )
        context["ticket_address"] = _here(request, site, "queue:kiosk-ticket", secret)
    return dressed(request, site, "appointments/kiosk_received.html", context)


def _page(
    request: HttpRequest, site: Site, typed: str, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "code": typed,
        "shown": codes.format_reference(typed) if len(typed) == codes.LENGTH else typed,
        "is_whole": codes.parse_reference(typed) is not None,
        "keys": codes.ALPHABET,
        "refusal": refusal,
        "form": CheckInForm(auto_id="check_%s"),
        "address": _here(request, site, "appointments:check-in"),
        "kept": sorted(
            (name, value) for name, value in asdict(_manner(request, site)).items() if value
        ),
    }
    return dressed(request, site, "appointments/kiosk_check_in.html", context, status)


def _found(site: Site, given: dict[str, str], now: Any) -> Appointment:
    typed = given["code"].strip()
    if typed:
        link = LINK.search(typed)
        found = queries.by_secret(link[1], now) if link else None
        found = found or queries.by_code_at(typed, authority_id=site.authority_id)
    else:
        found = queries.by_name_and_hour(site, given["name"], given["hour"], now=now)
        if found is None:
            raise Refused(
                _("We find no appointment of today under this name at this hour. Please ask us."),
                code="unknown",
            )
    if found is None:
        raise Refused(_unknown(), code="unknown")
    if found.agenda.site_id != site.pk:
        raise Refused(
            _("This appointment is at another place: %(site)s.")
            % {"site": found.agenda.site.label},
            code="elsewhere",
        )
    return found


def _unknown() -> str:
    return _("We find no appointment under this code. Please check it, or ask us.")


def _typed(code: str, touched: str) -> str:
    """The code after one more key of the keypad."""
    plain = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
    if touched == "erase":
        return plain[:-1]
    if touched == "clear":
        return ""
    wanted = touched if len(touched) == 1 and touched in codes.ALPHABET else ""
    return (plain + wanted)[: codes.LENGTH]


def _here(request: HttpRequest, site: Site, name: str, *arguments: str) -> str:
    address: str = reverse(name, args=[site.slug, *arguments])
    return address + _manner(request, site).query()


def _manner(request: HttpRequest, site: Site) -> Manner:
    return manner_of(request, hall_queries.languages_of(site))
