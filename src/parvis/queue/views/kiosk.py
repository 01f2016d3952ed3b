"""The kiosk: two taps from the door to a ticket, without account, name or script."""

from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parvis.common import throttle
from parvis.common.errors import Busy, Refused
from parvis.common.http import client_address, once, public
from parvis.organisations.models import Site, Topic, TopicFamily
from parvis.organisations.queries import opening_state, topics_by_family, topics_of
from parvis.queue import actions, queries
from parvis.queue.models import Priority, Source, Ticket
from parvis.queue.views.halls import in_hall, language_of, language_query

# A rush at the doors fits, a child hammering the screen does not.
TICKETS = throttle.Limit("kiosk", burst=20, seconds=3)


@public
@require_safe
@never_cache
@in_hall
def welcome(request: HttpRequest, site: Site) -> HttpResponse:
    if closed := _closed(request, site):
        return closed
    families = topics_by_family(site)
    topics = [topic for one in families for topic in one.topics]
    waits = _waits(site, topics)
    first = [topic for topic in topics if topic.on_kiosk]
    others = [one for one in families if any(not topic.on_kiosk for topic in one.topics)]
    context = {"first": [(topic, waits[topic.pk]) for topic in first], "others": others}
    return _page(request, site, "kiosk_welcome", context)


@public
@require_safe
@never_cache
@in_hall
def topic(request: HttpRequest, site: Site, topic: str) -> HttpResponse:
    if closed := _closed(request, site):
        return closed
    wanted = get_object_or_404(topics_of(site), slug=topic)
    context = {
        "topic": wanted,
        "wait": _waits(site, [wanted])[wanted.pk],
        "notices": queries.notices_for(site, timezone.now(), [wanted.pk]),
        "priorities": _priorities(),
    }
    return _page(request, site, "kiosk_topic", context)


@public
@require_safe
@never_cache
@in_hall
def family(request: HttpRequest, site: Site, family: str) -> HttpResponse:
    if closed := _closed(request, site):
        return closed
    wanted = get_object_or_404(TopicFamily, authority=site.authority, slug=family)
    topics = list(topics_of(site).filter(family=wanted))
    if not topics:
        raise Http404
    waits = _waits(site, topics)
    context = {
        "family": wanted,
        "topics": [(one, waits[one.pk]) for one in topics],
        "priorities": _priorities(),
    }
    return _page(request, site, "kiosk_family", context)


@public
@require_POST
@once
@in_hall
def take(request: HttpRequest, site: Site) -> HttpResponse:
    wanted = get_object_or_404(topics_of(site), slug=request.POST.get("topic", ""))
    now = timezone.now()
    try:
        throttle.take(TICKETS, f"{site.pk}:{client_address(request)}", now=now)
        issued = actions.issue_ticket(
            site,
            wanted,
            now=now,
            source=Source.KIOSK,
            priority=request.POST.get("priority", ""),
            language=language_of(request),
        )
    except Refused as refusal:
        return _sorry(request, site, refusal)
    address = reverse("queue:kiosk-ticket", args=[site.slug, issued.secret])
    return redirect(address + language_query(request))


@public
@require_safe
@never_cache
@in_hall
def ticket(request: HttpRequest, site: Site, secret: str) -> HttpResponse:
    now = timezone.now()
    found = queries.ticket_by_secret(secret, now)
    if found is None or found.site_id != site.pk:
        raise Http404
    address = settings.BASE_URL.rstrip("/") + reverse("web:ticket", args=[secret])
    place = queries.position(found, now)
    context = {
        "ticket": found,
        "place": place,
        "wait": queries.range_sentence(place.wait),
        "priority": queries.priority_label(found.priority),
        "is_waiting": found.state == Ticket.State.WAITING,
        # Black on white in every mode: phones do not read inverted codes.
        "qr": segno.make(address, micro=False).svg_data_uri(
            scale=6, border=3, dark="#000", light="#fff"
        ),
    }
    return _page(request, site, "kiosk_ticket", context)


def _page(
    request: HttpRequest, site: Site, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    query = language_query(request)
    shared = {
        "site": site,
        "language_query": query,
        "languages": settings.LANGUAGES,
        "home": reverse("queue:kiosk", args=[site.slug]),
        "notices": queries.notices_for(site, timezone.now()),
    }
    return render(request, f"queue/{name}.html", {**shared, **context}, status=status)


def _closed(request: HttpRequest, site: Site) -> HttpResponse | None:
    state = opening_state(site, timezone.now(), "desk")
    if state.open or not state.confirmed:
        return None
    sentence = queries.closed_sentence(site, state.next_opening)
    return _page(request, site, "kiosk_sorry", {"sentence": sentence, "is_closed": True})


def _sorry(request: HttpRequest, site: Site, refusal: Refused) -> HttpResponse:
    is_busy = isinstance(refusal, Busy)
    context = {"sentence": refusal.message, "is_busy": is_busy}
    return _page(request, site, "kiosk_sorry", context, status=429 if is_busy else 409)


def _waits(site: Site, topics: list[Topic]) -> dict[int, str]:
    hall = queries.load_hall(site, timezone.now())
    waits = queries.waits_by_topic(hall, [topic.pk for topic in topics])
    return {topic: queries.range_sentence(wait) for topic, wait in waits.items()}


def _priorities() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Priority.choices if value]
