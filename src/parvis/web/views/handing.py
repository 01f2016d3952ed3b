"""Speaking to somebody: the ways that are open now, the line, and the conversation itself."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.assistant import stream
from parvis.assistant.actions import handing as actions
from parvis.assistant.actions import looking, messages
from parvis.assistant.forms.handing import CallBackForm, MessageForm
from parvis.assistant.models import Conversation, Handover
from parvis.assistant.queries import changes, house
from parvis.assistant.queries import handing as assistant
from parvis.assistant.rules import handing as rules
from parvis.cases import queries as cases
from parvis.common import throttle
from parvis.common.errors import Busy, Refused
from parvis.common.forms import posted
from parvis.web import queries
from parvis.web import secret as secrets
from parvis.web.secret import secret_page
from parvis.web.views.assistant import conversation_of

# Somebody who types fast, and a page that says now and then that keys are touched.
WRITES = throttle.Limit("assistant-write", burst=20, seconds=3)
SIGNS = throttle.Limit("assistant-sign", burst=30, seconds=2)

View = Callable[[HttpRequest, Conversation, str], HttpResponse]


@dataclass(frozen=True)
class Waits:
    """The place in the line and how long it may take."""

    before: int
    low: int
    high: int
    is_anybody_there: bool


def _of_conversation(view: View) -> Callable[..., HttpResponse]:
    @functools.wraps(view)
    def found_first(request: HttpRequest, secret: str) -> HttpResponse:
        return view(request, conversation_of(request, secret), secret)

    return secret_page(found_first)


def address(secret: str) -> str:
    """The page of the ways and of the live conversation."""
    return reverse("web:conversation-person", args=[secret])


@require_safe
@_of_conversation
def person(request: HttpRequest, found: Conversation, secret: str) -> HttpResponse:
    """What happens next, in every state; reading it says that the person is still there."""
    now = timezone.now()
    if (handover := assistant.open_handover(found)) is not None:
        actions.see_person(handover, now=now)
        looking.look_at(handover.pk, now=now)
        found = conversation_of(request, secret)
    return _page(request, found, secret, now)


def _page(
    request: HttpRequest,
    found: Conversation,
    secret: str,
    now: datetime,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    handover = assistant.open_handover(found)
    ways = queries.ways_to_person(found.authority, now)
    context: dict[str, Any] = {
        "conversation": found,
        "secret": secret,
        "here": address(secret),
        "state": handover.state if handover else "over",
        "handover": handover,
        "lines": assistant.transcript(found, now),
        "waits": _waits(handover, now) if handover else None,
        "name": assistant.public_name(handover.taken_by, now) if handover else "",
        "types": handover is not None and assistant.typing(handover, now, agent=True),
        "is_quiet": handover is not None and assistant.is_quiet(handover.last_seen_agent, now),
        "offers": [] if handover else _offers(found, ways.may_book, now),
        "ways": ways,
        "live": stream.address(changes.CONVERSATION, found.pk),
        "version": changes.version(changes.CONVERSATION, found.pk, now),
        "followed_by": _followed_by(found, now),
        "refusal": refusal,
        "text": request.POST.get("text", "")[: actions.LONGEST] if refusal else "",
    }
    return render(request, "assistant/person.html", context, status=status)


def _offers(found: Conversation, may_book: bool, now: datetime) -> Sequence[rules.Offer]:
    picture = house.house_now(found.authority, now, takes_appointments=may_book)
    return rules.offers(picture, now)


def _waits(handover: Handover, now: datetime) -> Waits:
    picture = house.house_now(handover.conversation.authority, now, before=handover)
    low, high = rules.wait(picture)
    return Waits(picture.waiting, low, high, bool(picture.held))


def _followed_by(found: Conversation, now: datetime) -> str:
    if found.case is None:
        return ""
    shown = cases.named_contact(found.case, timezone.localdate(now))
    return shown.name or shown.service


def _gesture(effect: Callable[[HttpRequest, Conversation, datetime], object]) -> Any:
    """A button of the page: one effect, and back to the page; refused, the words stay."""

    @require_POST
    @_of_conversation
    @functools.wraps(effect)
    def act(request: HttpRequest, found: Conversation, secret: str) -> HttpResponse:
        now = timezone.now()
        name = effect.__name__
        try:
            throttle.take(WRITES, str(found.pk), now=now)
            scope = f"assistant-{name}:{found.pk}"
            secrets.once(request, scope, lambda: _void(effect(request, found, now)))
        except Refused as refused:
            status = 429 if isinstance(refused, Busy) else 422
            fresh = conversation_of(request, secret)
            return _page(request, fresh, secret, now, refusal=refused.message, status=status)
        return HttpResponseRedirect(address(secret))

    return act


def _void(_result: object) -> None:
    return None


@_gesture
def ask(_request: HttpRequest, found: Conversation, now: datetime) -> object:
    """Ask for somebody; asking twice is asking once."""
    return actions.ask_for_person(found, now=now)


@_gesture
def write(request: HttpRequest, found: Conversation, now: datetime) -> object:
    return actions.write_as_person(found, request.POST.get("text", ""), now=now)


@_gesture
def leave(_request: HttpRequest, found: Conversation, now: datetime) -> object:
    """Do not wait any longer, or end the conversation."""
    return actions.give_up(found, now=now)


@require_POST
@_of_conversation
def sign(_request: HttpRequest, found: Conversation, _secret: str) -> HttpResponse:
    """A key was touched."""
    now = timezone.now()
    throttle.take(SIGNS, str(found.pk), now=now)
    if (handover := assistant.open_handover(found)) is not None:
        actions.see_person(handover, now=now, typed=True)
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_conversation
def message(request: HttpRequest, found: Conversation, secret: str) -> HttpResponse:
    """A message to the service, which becomes a request with its own page."""
    form = MessageForm(posted(request), authority=found.authority, initial=_initial(found))
    return _left(request, found, secret, form)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_conversation
def call(request: HttpRequest, found: Conversation, secret: str) -> HttpResponse:
    """The same, with the promise of a call."""
    form = CallBackForm(
        posted(request),
        authority=found.authority,
        initial=_initial(found),
        moments=house.moments(found.authority, timezone.now()),
    )
    return _left(request, found, secret, form)


def _initial(found: Conversation) -> dict[str, Any]:
    return {"topic": found.topic_id}


def _left(
    request: HttpRequest, found: Conversation, secret: str, form: MessageForm
) -> HttpResponse:
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                return HttpResponseRedirect(_kept(request, found, secret, form))
        except Refused as refused:
            refusal = refused.message
            status = 429 if isinstance(refused, Busy) else 422
    context = {
        "conversation": found,
        "secret": secret,
        "form": form,
        "refusal": refusal,
        "is_call": isinstance(form, CallBackForm),
    }
    return render(request, "assistant/message.html", context, status=status)


def _kept(request: HttpRequest, found: Conversation, secret: str, form: MessageForm) -> str:
    """Keep the message; the page of the request is shown at once, its secret stored nowhere."""
    now, given, page = timezone.now(), form.cleaned_data, address(secret)
    throttle.take(WRITES, str(found.pk), now=now)
    opened: list[str] = []

    def effect() -> None:
        made = messages.leave_message(
            found,
            topic=given["topic"],
            text=given["text"],
            now=now,
            reach=form.reach,
            call=form.call if isinstance(form, CallBackForm) else None,
        )
        opened.append(made.secret)

    secrets.once(request, f"assistant-message:{found.pk}", effect)
    return reverse("web:tracking", args=opened) if opened else page


@require_POST
@_of_conversation
def request_page(request: HttpRequest, found: Conversation, secret: str) -> HttpResponse:
    """Open the page of the request that came of this conversation, by a new link."""
    now = timezone.now()
    throttle.take(WRITES, str(found.pk), now=now)
    try:
        fresh = messages.case_link(found, now=now)
    except Refused as refused:
        return _page(request, found, secret, now, refusal=refused.message, status=422)
    return HttpResponseRedirect(reverse("web:tracking", args=[fresh]))
