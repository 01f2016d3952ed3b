"""The ticket on the kiosk, and coming back to a place that was missed or left."""

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parvis.common import throttle
from parvis.common.errors import Refused
from parvis.common.http import client_address, once, public
from parvis.organisations.models import Site
from parvis.queue import actions, queries
from parvis.queue.models import Ticket
from parvis.queue.views.halls import manner_of
from parvis.queue.views.kiosk import at_kiosk, closed_page, page, sorry

BACKS = throttle.Limit("kiosk-back", burst=12, seconds=10)
BACKS_SHOWN = 24


@public
@require_safe
@never_cache
@at_kiosk
def ticket(request: HttpRequest, site: Site, secret: str) -> HttpResponse:
    now = timezone.now()
    found = queries.ticket_by_secret(secret, now)
    if found is None or found.site_id != site.pk:
        raise Http404
    address = settings.BASE_URL.rstrip("/") + reverse("web:ticket", args=[secret])
    place = queries.position(found, now)
    manner = manner_of(request, queries.languages_of(site))
    printer = queries.printer_for(site, manner.imprimante)
    context = {
        "ticket": found,
        "further": queries.further_topics(found),
        "place": place,
        "wait": queries.range_sentence(place.wait),
        "priority": queries.priority_label(found.priority),
        "is_waiting": found.state == Ticket.State.WAITING,
        "printer": printer,
        "prints": printer is not None and not printer.failing_since,
        # Black on white in every mode: phones do not read inverted codes.
        "qr": segno.make(address, micro=False).svg_data_uri(
            scale=6, border=3, dark="#000", light="#fff"
        ),
    }
    return page(request, site, "kiosk_ticket", context)


@public
@require_safe
@never_cache
@at_kiosk
def back(request: HttpRequest, site: Site) -> HttpResponse:
    """Who was called in vain or went away for a moment finds their number here."""
    if closed := closed_page(request, site):
        return closed
    tickets = list(queries.may_come_back(site, timezone.now())[:BACKS_SHOWN])
    return page(request, site, "kiosk_back", {"tickets": tickets})


@public
@require_POST
@once
@at_kiosk
def come_back(request: HttpRequest, site: Site) -> HttpResponse:
    now = timezone.now()
    wanted = request.POST.get("ticket", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 15 else 0
    found = get_object_or_404(queries.may_come_back(site, now), pk=number)
    try:
        throttle.take(BACKS, f"{site.pk}:{client_address(request)}", now=now)
        actions.come_back(found, now=now)
    except Refused as refusal:
        return sorry(request, site, refusal)
    manner = manner_of(request, queries.languages_of(site))
    address = reverse("queue:kiosk-returned", args=[site.slug, found.pk])
    return redirect(address + manner.query(avec=""))


@public
@require_safe
@never_cache
@at_kiosk
def returned(request: HttpRequest, site: Site, ticket: int) -> HttpResponse:
    """The place somebody has again; without the code of the page, which only they hold."""
    now = timezone.now()
    waiting = Ticket.objects.filter(site=site, state=Ticket.State.WAITING)
    found = get_object_or_404(waiting.select_related("topic"), pk=ticket)
    place = queries.position(found, now)
    context = {"ticket": found, "place": place, "wait": queries.range_sentence(place.wait)}
    return page(request, site, "kiosk_returned", context)
