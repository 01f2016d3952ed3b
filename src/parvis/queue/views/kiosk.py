"""The kiosk: two taps from the door to a ticket, without account, name or script."""

import functools
import secrets
from collections.abc import Callable
from typing import Any, Concatenate, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parvis.common.errors import Busy, Refused
from parvis.common.http import client_address, once, public
from parvis.organisations.models import Site, Topic, TopicFamily
from parvis.organisations.queries import opening_state, topics_by_family, topics_of
from parvis.queue import actions, queries
from parvis.queue.models import Priority
from parvis.queue.views.halls import MOST_TOPICS, HallView, Manner, P, in_hall, manner_of

COOKIE = "parvis_borne"  # tells one kiosk from another behind the same address; no person
COOKIE_LIVES = 365 * 24 * 3600


def at_kiosk(view: HallView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """In a hall, at its kiosk: what is not there any more is told in the kiosk's own manner."""

    @functools.wraps(view)
    def shown(request: HttpRequest, site: Site, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, site, *args, **kwargs)
        except Http404:
            return page(request, site, "kiosk_unknown", {}, status=404)

    return in_hall(cast(HallView[P], shown))


@public
@require_safe
@never_cache
@at_kiosk
def welcome(request: HttpRequest, site: Site) -> HttpResponse:
    if closed := closed_page(request, site):
        return closed
    families = topics_by_family(site)
    topics = [topic for one in families for topic in one.topics]
    waits = _waits(site, topics)
    first = [topic for topic in topics if topic.on_kiosk]
    others = [one for one in families if any(not topic.on_kiosk for topic in one.topics)]
    manner = manner_of(request, queries.languages_of(site))
    context = {
        "first": [(topic, waits[topic.pk]) for topic in first],
        "others": others,
        "chosen": chosen_topics(site, manner),
        "may_come_back": queries.may_come_back(site, timezone.now()).exists(),
    }
    return page(request, site, "kiosk_welcome", context)


@public
@require_safe
@never_cache
@at_kiosk
def topic(request: HttpRequest, site: Site, topic: str) -> HttpResponse:
    if closed := closed_page(request, site):
        return closed
    wanted = get_object_or_404(topics_of(site), slug=topic)
    manner = manner_of(request, queries.languages_of(site))
    before = [one for one in chosen_topics(site, manner) if one.pk != wanted.pk]
    avec = ",".join(one.slug for one in [*before, wanted])
    more = manner.query(avec=avec) if len(before) + 1 < MOST_TOPICS else ""
    context = {
        "topic": wanted,
        "before": before,
        "wait": _waits(site, [wanted])[wanted.pk],
        "notices": queries.notices_for(site, timezone.now(), [wanted.pk]),
        "priorities": priorities(),
        "more": more,
    }
    return page(request, site, "kiosk_topic", context)


@public
@require_safe
@never_cache
@at_kiosk
def family(request: HttpRequest, site: Site, family: str) -> HttpResponse:
    if closed := closed_page(request, site):
        return closed
    wanted = get_object_or_404(TopicFamily, authority=site.authority, slug=family)
    topics = list(topics_of(site).filter(family=wanted))
    if not topics:
        raise Http404
    waits = _waits(site, topics)
    context = {
        "family": wanted,
        "topics": [(one, waits[one.pk]) for one in topics],
        "priorities": priorities(),
        "chosen": chosen_topics(site, manner_of(request, queries.languages_of(site))),
    }
    return page(request, site, "kiosk_family", context)


@public
@require_POST
@once
@at_kiosk
def take(request: HttpRequest, site: Site) -> HttpResponse:
    manner = manner_of(request, queries.languages_of(site))
    wanted = get_object_or_404(topics_of(site), slug=request.POST.get("topic", ""))
    first, *further = [one for one in chosen_topics(site, manner) if one.pk != wanted.pk] + [wanted]
    try:
        secret = actions.take_at_kiosk(
            _kiosk(request, site, manner),
            first,
            topics=further,
            now=timezone.now(),
            priority=request.POST.get("priority", ""),
            language=get_language() or settings.LANGUAGE_CODE,
        )
    except Refused as refusal:
        return sorry(request, site, refusal)
    address = reverse("queue:kiosk-ticket", args=[site.slug, secret])
    return redirect(address + manner.query(avec=""))


def _kiosk(request: HttpRequest, site: Site, manner: Manner) -> actions.AtKiosk:
    address = client_address(request)
    mark = request.COOKIES.get(COOKIE, "")[:32] or address
    printer = queries.printer_for(site, manner.imprimante)
    return actions.AtKiosk(site, mark=mark, address=address, printer=printer)


def page(
    request: HttpRequest, site: Site, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the kiosk, in the manner of its address."""
    return dressed(request, site, f"queue/{name}.html", context, status)


def dressed(
    request: HttpRequest, site: Site, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The same for a template of another room."""
    languages = queries.languages_of(site)
    manner = manner_of(request, languages)
    path = reverse("queue:kiosk", args=[site.slug])
    shared = {
        "site": site,
        "manner": manner,
        "here": request.path if request.method != "POST" else path,
        "query": manner.query(),
        "languages": [(code, manner.query(langue=code)) for code in languages],
        "contrast_query": manner.query(contraste="" if manner.contraste else "plus"),
        "home": path + manner.of_machine.query(),
        "start": path + manner.query(avec=""),
        "notices": queries.notices_for(site, timezone.now()),
    }
    if manner.contraste:
        shared["look_contrast"] = "more"
    response = render(request, template, {**shared, **context}, status=status)
    if COOKIE not in request.COOKIES:
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(9),
            max_age=COOKIE_LIVES,
            path="/borne/",
            httponly=True,
            samesite="Lax",
            secure=settings.HTTPS,
        )
    return response


def chosen_topics(site: Site, manner: Manner) -> list[Topic]:
    """What the person chose before, of what this hall receives people for."""
    found = {topic.slug: topic for topic in topics_of(site).filter(slug__in=manner.topics)}
    return [found[slug] for slug in dict.fromkeys(manner.topics) if slug in found]


def closed_page(request: HttpRequest, site: Site) -> HttpResponse | None:
    """What the kiosk shows while the hall is closed; None while it is open."""
    state = opening_state(site, timezone.now(), "desk")
    if state.open or not state.confirmed:
        return None
    sentence = queries.closed_sentence(site, state.next_opening)
    return page(request, site, "kiosk_sorry", {"sentence": sentence, "is_closed": True})


def sorry(request: HttpRequest, site: Site, refusal: Refused) -> HttpResponse:
    """A lawful "no", in words, with the way back."""
    is_busy = isinstance(refusal, Busy)
    context = {"sentence": refusal.message, "is_busy": is_busy}
    return page(request, site, "kiosk_sorry", context, status=429 if is_busy else 409)


def priorities() -> list[tuple[str, str]]:
    """The categories of people who go first, in words."""
    return [(value, str(label)) for value, label in Priority.choices if value]


def _waits(site: Site, topics: list[Topic]) -> dict[int, str]:
    hall = queries.load_hall(site, timezone.now())
    waits = queries.waits_by_topic(hall, [topic.pk for topic in topics])
    return {topic: queries.range_sentence(wait) for topic, wait in waits.items()}
