"""Joining the line by telephone, from the poster at the door: no account and no script."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parvis.common import throttle
from parvis.common.errors import Busy, Refused
from parvis.common.http import client_address, once, public
from parvis.organisations.queries import opening_state, topics_by_family, topics_of
from parvis.queue import actions, queries, visitors
from parvis.queue.models import Poster
from parvis.queue.views.halls import Manner, language_of, manner_of
from parvis.queue.views.kiosk import priorities

COOKIE = "parvis_file"  # this telephone's tickets of the day; signed, without a person
COOKIE_LIVES = 18 * 3600
MISSES = throttle.Limit("join-miss", burst=20, seconds=3)
View = Callable[..., HttpResponse]


def at_the_door(view: View) -> Callable[..., HttpResponse]:
    """Give the view the poster that was scanned, in the language and the time of its hall."""

    @wraps(view)
    def inside(request: HttpRequest, secret: str, *more: str) -> HttpResponse:
        poster = queries.poster_by_secret(secret)
        if poster is None:
            return _unknown(request)
        site = poster.site
        request.authority = site.authority  # type: ignore[attr-defined]
        languages = queries.languages_of(site)
        language = _language(request, languages)
        with translation.override(language), timezone.override(site.timezone):
            response = view(request, poster, *more)
        response.headers["Content-Language"] = language
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        if visitors.asked(request, languages) in dict(settings.LANGUAGES):
            _keep_choice(response, language)
        return response

    return inside


def _language(request: HttpRequest, languages: list[str]) -> str:
    """The language chosen here, else before, else the telephone's own: it has an owner."""
    if visitors.asked(request, languages) or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return language_of(request, languages)
    return visitors.preferred(request, languages) or settings.LANGUAGE_CODE


def _keep_choice(response: HttpResponse, language: str) -> None:
    """Also for the page of the ticket; the other languages of a hall stand on the ticket itself."""
    name, secure = settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_SECURE
    response.set_cookie(name, language, samesite="Lax", secure=secure)


@public
@require_safe
@never_cache
@at_the_door
def join(request: HttpRequest, poster: Poster) -> HttpResponse:
    site, now = poster.site, timezone.now()
    if poster.ended_at is not None:
        return _sorry(request, poster, actions.ended_sentence(), status=410)
    if secret := _live_ticket(request, poster):
        return _page(request, poster, "join_has_one", {"address": _ticket_address(secret)})
    state = opening_state(site, now, "desk")
    if not state.open and state.confirmed:
        return _sorry(
            request, poster, queries.closed_sentence(site, state.next_opening), status=200
        )
    families = topics_by_family(site)
    hall = queries.load_hall(site, now)
    waits = queries.waits_by_topic(hall, [topic.pk for one in families for topic in one.topics])
    context = {
        "families": [
            (one.family, [(t, queries.range_sentence(waits[t.pk])) for t in one.topics])
            for one in families
        ],
        "priorities": priorities(),
        "chosen": request.GET.get("motif", ""),
    }
    return _page(request, poster, "join", context)


@public
@require_POST
def take(request: HttpRequest, secret: str) -> HttpResponse:
    device = _device(request)
    response: HttpResponse = _take(request, secret, device)
    poster = queries.poster_by_secret(secret)
    if isinstance(response, HttpResponseRedirect) and poster is not None:
        # Out of what is done once: a second tap gets the same ticket, and remembers it too.
        own = response.url.rstrip("/").rpartition("/")[2]
        _remember(response, {"device": device, "tickets": {str(poster.site_id): own}})
    return response


@once
@at_the_door
def _take(request: HttpRequest, poster: Poster, device: str) -> HttpResponse:
    if secret := _live_ticket(request, poster):
        return redirect(_ticket_address(secret))
    wanted = get_object_or_404(topics_of(poster.site), slug=request.POST.get("topic", ""))
    try:
        issued = actions.join_by_phone(
            poster,
            wanted,
            device=actions.Device(_mark(device), client_address(request)),
            now=timezone.now(),
            priority=request.POST.get("priority", ""),
            language=get_language() or settings.LANGUAGE_CODE,
        )
    except Refused as refusal:
        status = 429 if isinstance(refusal, Busy) else 409
        return _sorry(request, poster, refusal.message, status=status)
    return redirect(_ticket_address(issued.secret))


def _ticket_address(secret: str) -> str:
    return reverse("web:ticket", args=[secret])


def _remembered(request: HttpRequest) -> dict[str, Any]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=COOKIE_LIVES)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _remember(response: HttpResponse, what: dict[str, Any]) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(what, salt=COOKIE),
        max_age=COOKIE_LIVES,
        path="/entrer/",
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def _device(request: HttpRequest) -> str:
    return str(_remembered(request).get("device") or secrets.token_urlsafe(12))


def _mark(device: str) -> str:
    return salted_hmac("parvis.device", device, algorithm="sha256").hexdigest()


def _live_ticket(request: HttpRequest, poster: Poster) -> str:
    """The secret of the ticket that this telephone still has here; nothing when it is over."""
    tickets = _remembered(request).get("tickets") or {}
    secret = str(tickets.get(str(poster.site_id), ""))
    found = queries.ticket_by_secret(secret, timezone.now()) if secret else None
    return secret if found is not None and found.ended_at is None else ""


def _page(
    request: HttpRequest, poster: Poster, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    languages = queries.languages_of(poster.site)
    manner: Manner = manner_of(request, languages)
    shared = {
        "site": poster.site,
        "poster": poster,
        "query": manner.query(),
        "hall_languages": [(code, manner.query(langue=code)) for code in languages],
    }
    return render(request, f"queue/{name}.html", {**shared, **context}, status=status)


def _sorry(request: HttpRequest, poster: Poster, sentence: str, *, status: int) -> HttpResponse:
    return _page(request, poster, "join_sorry", {"sentence": sentence}, status)


def _unknown(request: HttpRequest) -> HttpResponse:
    status = 404
    try:
        throttle.take(MISSES, client_address(request), now=timezone.now())
    except Busy:
        status = 429
    return render(request, "queue/join_unknown.html", {}, status=status)
