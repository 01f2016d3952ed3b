"""The assistant at the kiosk: large targets, read aloud, forgotten as soon as nobody is there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parvis.assistant import presentation
from parvis.assistant import queries as assistant
from parvis.assistant.actions import screens as actions
from parvis.assistant.models import Conversation
from parvis.assistant.queries import contacts, screens
from parvis.common import throttle
from parvis.common.errors import Busy, Refused
from parvis.common.http import answered_form, client_address, form_once, full_address, public
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Site, Topic
from parvis.organisations.queries import topics_of
from parvis.queue import queries as hall
from parvis.queue.views.halls import in_hall, manner_of
from parvis.queue.views.kiosk import closed_page, dressed
from parvis.web import queries
from parvis.web.secret import secret_page
from parvis.web.views.assistant import take_question

STARTS = throttle.Limit("assistant-kiosk", burst=20, seconds=10)
TOPICS = 6  # asked with one touch, without typing


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_hall
def begin(request: HttpRequest, site: Site) -> HttpResponse:
    """The first question: a topic with one touch, or in one's own words."""
    if not assistant.settings_of(site.authority).is_on:
        raise Http404
    if closed := closed_page(request, site):
        return closed
    refusal, status = "", 200
    if request.method == "POST":
        try:
            return answered_form(request) or _started(request, site, timezone.now())
        except Refused as refused:
            refusal, status = refused.message, 429 if isinstance(refused, Busy) else 422
    context = {
        "refusal": refusal,
        "question": request.POST.get("question", ""),
        "topics": _topics(site),
        "ticket": reverse("queue:kiosk", args=[site.slug]) + _query(request, site),
    }
    return dressed(request, site, "web/kiosk_question.html", context, status=status)


def _topics(site: Site) -> list[Topic]:
    """What this hall receives people for and the public can read a sheet about."""
    sheets = Sheet.objects.public(site.authority_id).filter(current__isnull=False)
    rows = topics_of(site).filter(sheets__in=sheets).distinct()
    return list(rows.order_by("-on_kiosk", "name")[:TOPICS])


def _started(request: HttpRequest, site: Site, now: datetime) -> HttpResponse:
    """The first question has one effect; it is answered before anything is locked."""
    throttle.take(STARTS, f"{site.pk}:{client_address(request)}", now=now)
    topic = topics_of(site).filter(slug=request.POST.get("motif", "")).first()
    text = topic.name if topic else request.POST.get("question", "")

    def within(keep: Callable[[], actions.OnScreen]) -> HttpResponse:
        return form_once(request, lambda: HttpResponseRedirect(_address(request, site, keep().key)))

    return actions.begin_at_kiosk(
        site, text, within=within, now=now, language=_language(), topic=topic
    )


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _query(request: HttpRequest, site: Site) -> str:
    return manner_of(request, hall.languages_of(site)).query()


def _address(request: HttpRequest, site: Site, key: str, name: str = "conversation") -> str:
    return reverse(f"web:kiosk-{name}", args=[site.slug, key]) + _query(request, site)


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, secret: str, site: str) -> HttpResponse:
    """What was said; a ticket, and one's own telephone, are one touch away."""
    return _conversation(request, site, secret)


@in_hall
def _conversation(request: HttpRequest, site: Site, key: str) -> HttpResponse:
    found = screens.on_screen(site, key, now=timezone.now())
    if found is None:  # somebody else stands here now
        return HttpResponseRedirect(_home(request, site))
    if request.method != "POST":
        return _page(request, site, key, found)
    try:
        if found.state == Conversation.State.BOT:
            take_question(request, found, language=_language())
    except Refused as refused:
        status = 429 if isinstance(refused, Busy) else 422
        return _page(request, site, key, found, refusal=refused.message, status=status)
    return HttpResponseRedirect(f"{_address(request, site, key)}#dernier")


def _page(
    request: HttpRequest,
    site: Site,
    key: str,
    found: Conversation,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    leaves = _address(request, site, key, "question-end")
    said = presentation.shown(assistant.turns_of(found))
    telephone = full_address(reverse("web:conversation", args=[screens.secret_of(key)]))
    context: dict[str, Any] = {
        "conversation": found,
        "said": said,
        "topic": _topic(found, site),
        "refusal": refusal,
        "question": request.POST.get("question", "") if refusal else "",
        "here": _path(site, key),
        "address": _address(request, site, key),
        "home": leaves,  # also where the kiosk goes by itself when nobody is there
        "start": leaves,
        "ticket": f"{leaves}{'&' if '?' in leaves else '?'}vers=ticket",
        "ways": queries.ways_to_person(found.authority, now),
        "qr": segno.make(telephone, micro=False).svg_data_uri(
            scale=5, border=3, dark="#000", light="#fff"
        ),
    }
    return dressed(request, site, "web/kiosk_conversation.html", context, status=status)


def _path(site: Site, key: str) -> str:
    return reverse("web:kiosk-conversation", args=[site.slug, key])


def _topic(found: Conversation, site: Site) -> Topic | None:
    """What a ticket would be for, if this hall receives people about it."""
    topic = contacts.topic_of(found)
    return topics_of(site).filter(pk=topic.pk).first() if topic else None


def _home(request: HttpRequest, site: Site) -> str:
    machine = manner_of(request, hall.languages_of(site)).of_machine
    return reverse("queue:kiosk", args=[site.slug]) + machine.query()


@secret_page
@require_safe
def end(request: HttpRequest, secret: str, site: str) -> HttpResponse:
    """Forget the conversation on this screen: by a button, a ticket, or because nobody is there.

    A link, as the kiosk goes there by itself also where no script runs; going twice is going once.
    """
    return _end(request, site, secret)


@in_hall
def _end(request: HttpRequest, site: Site, key: str) -> HttpResponse:
    now = timezone.now()
    found = screens.on_screen(site, key, now=now)
    if found is None:
        return HttpResponseRedirect(_home(request, site))
    topic = _topic(found, site)
    actions.leave_screen(found, now=now)
    if request.GET.get("vers") != "ticket":
        return HttpResponseRedirect(_home(request, site))
    start = reverse("queue:kiosk", args=[site.slug])
    to = reverse("queue:kiosk-topic", args=[site.slug, topic.slug]) if topic else start
    return HttpResponseRedirect(to + _query(request, site))
