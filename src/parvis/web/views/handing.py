"""Speaking to somebody: the ways that are open now, the line, and the conversation itself."""

import functools
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.assistant import stream
from parvis.assistant.actions import handing as actions
from parvis.assistant.actions import looking, messages
from parvis.assistant.forms.handing import CallBackForm, MessageForm
from parvis.assistant.models import Conversation
from parvis.assistant.queries import changes, house, waiting
from parvis.assistant.queries import handing as assistant
from parvis.assistant.rules import handing as rules
from parvis.cases import queries as cases
from parvis.common import throttle
from parvis.common.errors import Busy, Refused
from parvis.common.forms import posted
from parvis.web import queries
from parvis.web import secret as secrets
from parvis.web.manners import Manner, framed_for, manner_of
from parvis.web.secret import secret_page
from parvis.web.views.assistant import conversation_of

# Somebody who types fast, and a page that says now and then that keys are touched.
WRITES = throttle.Limit("assistant-write", burst=20, seconds=3)
SIGNS = throttle.Limit("assistant-sign", burst=30, seconds=2)

View = Callable[[HttpRequest, Conversation, Manner], HttpResponse]


def _of_conversation(view: View) -> Callable[..., HttpResponse]:
    """Find the conversation first; in a frame, in its language and for the named sites only."""

    @functools.wraps(view)
    def found_first(request: HttpRequest, secret: str, *, framed: bool = False) -> HttpResponse:
        found = conversation_of(request, secret)
        manner = manner_of(request, secret, framed=framed)
        if not framed:
            return view(request, found, manner)
        with translation.override(manner.look.langue or get_language()):
            return framed_for(found.authority, view(request, found, manner))

    return secret_page(found_first)


@require_safe
@_of_conversation
def person(request: HttpRequest, found: Conversation, manner: Manner) -> HttpResponse:
    """What happens next, in every state; reading it says that the person is still there."""
    now = timezone.now()
    if (handover := assistant.open_handover(found)) is not None:
        actions.see_person(handover, now=now)
        looking.look_at(handover.pk, now=now)
        found = conversation_of(request, manner.secret)
    return _page(request, found, manner, now)


def _page(
    request: HttpRequest,
    found: Conversation,
    manner: Manner,
    now: datetime,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    handover = assistant.open_handover(found)
    ways = queries.ways_to_person(found.authority, now)
    context: dict[str, Any] = {
        **manner.context,
        "conversation": found,
        "here": manner.address("person"),
        "state": handover.state if handover else "over",
        "handover": handover,
        "lines": assistant.transcript(found, now),
        "waits": waiting.waits_of(handover, now) if handover else None,
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
    return render(request, manner.template("person"), context, status=status)


def _offers(found: Conversation, may_book: bool, now: datetime) -> Sequence[rules.Offer]:
    picture = house.house_now(found.authority, now, takes_appointments=may_book)
    return rules.offers(picture, now)


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
    def act(request: HttpRequest, found: Conversation, manner: Manner) -> HttpResponse:
        now = timezone.now()
        name = effect.__name__
        try:
            throttle.take(WRITES, str(found.pk), now=now)
            scope = f"assistant-{name}:{found.pk}"
            secrets.once(request, scope, lambda: _void(effect(request, found, now)))
        except Refused as refused:
            status = 429 if isinstance(refused, Busy) else 422
            fresh = conversation_of(request, manner.secret)
            return _page(request, fresh, manner, now, refusal=refused.message, status=status)
        return HttpResponseRedirect(manner.address("person"))

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
def sign(_request: HttpRequest, found: Conversation, _manner: Manner) -> HttpResponse:
    """A key was touched."""
    now = timezone.now()
    throttle.take(SIGNS, str(found.pk), now=now)
    if (handover := assistant.open_handover(found)) is not None:
        actions.see_person(handover, now=now, typed=True)
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_conversation
def message(request: HttpRequest, found: Conversation, manner: Manner) -> HttpResponse:
    """A message to the service, which becomes a request with its own page."""
    form = MessageForm(posted(request), authority=found.authority, initial=_initial(found))
    return _left(request, found, manner, form)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_conversation
def call(request: HttpRequest, found: Conversation, manner: Manner) -> HttpResponse:
    """The same, with the promise of a call."""
    form = CallBackForm(
        posted(request),
        authority=found.authority,
        initial=_initial(found),
        moments=house.moments(found.authority, timezone.now()),
    )
    return _left(request, found, manner, form)


def _initial(found: Conversation) -> dict[str, Any]:
    return {"topic": found.topic_id}


def _left(
    request: HttpRequest, found: Conversation, manner: Manner, form: MessageForm
) -> HttpResponse:
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                return HttpResponseRedirect(_kept(request, found, manner, form))
        except Refused as refused:
            refusal = refused.message
            status = 429 if isinstance(refused, Busy) else 422
    context = {
        **manner.context,
        "conversation": found,
        "form": form,
        "refusal": refusal,
        "is_call": isinstance(form, CallBackForm),
    }
    return render(request, manner.template("message"), context, status=status)


def _kept(request: HttpRequest, found: Conversation, manner: Manner, form: MessageForm) -> str:
    """Keep the message; the page of the request is shown at once, its secret stored nowhere.

    That page stands in no frame: there the receipt stays within, with the way out of it.
    """
    now, given, page = timezone.now(), form.cleaned_data, manner.address("person")
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
    is_shown = opened and not manner.framed
    return reverse("web:tracking", args=opened) if is_shown else page


@require_POST
@_of_conversation
def request_page(request: HttpRequest, found: Conversation, manner: Manner) -> HttpResponse:
    """Open the page of the request that came of this conversation, by a new link."""
    now = timezone.now()
    throttle.take(WRITES, str(found.pk), now=now)
    try:
        fresh = messages.case_link(found, now=now)
    except Refused as refused:
        return _page(request, found, manner, now, refusal=refused.message, status=422)
    return HttpResponseRedirect(reverse("web:tracking", args=[fresh]))
