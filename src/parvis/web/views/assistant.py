"""The assistant: a conversation behind a secret address, on a page, in a frame, by a link."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parvis.assistant import actions, presentation
from parvis.assistant import queries as assistant
from parvis.assistant.models import Conversation, Turn
from parvis.common import throttle
from parvis.common.errors import Busy, Refused
from parvis.common.http import (
    answered_form,
    client_address,
    form_once,
    not_stored,
    public,
)
from parvis.organisations.http import authority_of_page
from parvis.organisations.models import Authority, Topic
from parvis.web import answering, queries
from parvis.web import secret as secrets
from parvis.web.manners import Manner, framed_for, look_of, manner_of, spoken
from parvis.web.secret import Unknown, secret_page

# A library or a family behind one address asks much; a program asks more.
STARTS = throttle.Limit("assistant-start", burst=30, seconds=10)
QUESTIONS = throttle.Limit("assistant-ask", burst=15, seconds=4)
EXAMPLES = 4
WITH_PERSON = frozenset({Conversation.State.WAITING, Conversation.State.WITH_AGENT})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The first question, and what the assistant is and is not."""
    return _begin(request, authority_of_page(request, slug), framed=False)


@csrf_exempt  # in a frame of another site no cookie comes; a forger would only ask a question
@public
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The same in a frame of the sites that the authority named; nowhere else."""
    authority = authority_of_page(request, slug)
    if not assistant.settings_of(authority).origins:
        raise Http404
    with translation.override(look_of(request).langue or get_language()):
        return framed_for(authority, _begin(request, authority, framed=True))


def _begin(request: HttpRequest, authority: Authority, *, framed: bool) -> HttpResponse:
    slug = request.POST.get("motif") or request.GET.get("motif") or ""
    topic = Topic.objects.filter(authority=authority, slug=slug, is_active=True).first()
    question, refusal, status = request.GET.get("q", "")[:2000], "", 200
    if request.method == "POST":
        question = request.POST.get("question", "")
        try:
            return _started(request, authority, topic, framed=framed)
        except Busy as busy:
            refusal, status = busy.message, 429
        except Refused as refused:
            refusal, status = refused.message, 422
    context: dict[str, Any] = {
        "framed": framed,
        **(look_of(request).context if framed else {}),
        "topic": topic,
        "question": question,
        "refusal": refusal,
        "is_on": assistant.settings_of(authority).is_on,
        "examples": queries.often_asked_here(
            authority, now=timezone.now(), most=EXAMPLES, topic=topic
        ),
        "ways": queries.ways_to_person(authority, timezone.now()),
    }
    response = render(
        request, manner_of(request, "", framed=framed).template("begin"), context, status=status
    )
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return not_stored(response)


def _started(
    request: HttpRequest, authority: Authority, topic: Topic | None, *, framed: bool
) -> HttpResponse:
    """The first question has one effect, however often it is sent; it is answered before that."""
    if not assistant.settings_of(authority).is_on:
        raise Http404
    if (before := answered_form(request)) is not None:
        return before
    now, place = timezone.now(), Conversation.Place.PAGE
    if framed:
        place = Conversation.Place.WIDGET
    elif topic is not None:
        place = Conversation.Place.LINK
    throttle.take(STARTS, client_address(request), now=now)

    def within(keep: Callable[[], actions.Started]) -> HttpResponse:
        return form_once(
            request,
            lambda: HttpResponseRedirect(
                manner_of(request, keep().secret, framed=framed).address()
            ),
        )

    return actions.begin_within(
        authority,
        request.POST.get("question", ""),
        within=within,
        now=now,
        place=place,
        language=spoken(),
        topic=topic,
    )


def conversation_of(request: HttpRequest, secret: str) -> Conversation:
    """The conversation of this address, on the front door of its own authority."""
    found = assistant.by_secret(secret)
    if found is None:
        raise Unknown
    host = request.get_host().partition(":")[0]
    if found.authority.hostname != host and answering.is_front_door(host):
        raise Unknown  # opened under the host name of another authority
    request.authority = found.authority  # type: ignore[attr-defined]  # name and colours
    return found


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, secret: str, *, framed: bool = False) -> HttpResponse:
    """What was said, and the field of the next question."""
    found = conversation_of(request, secret)
    manner = manner_of(request, secret, framed=framed)
    if not framed:
        return _conversation(request, found, manner)
    with translation.override(manner.look.langue or get_language()):
        return framed_for(found.authority, _conversation(request, found, manner))


def _conversation(request: HttpRequest, found: Conversation, manner: Manner) -> HttpResponse:
    if found.state in WITH_PERSON:  # the assistant is silent there
        return HttpResponseRedirect(manner.address("person"))
    if request.method != "POST":
        return _page(request, found, manner)
    try:
        take_question(request, found)
    except Refused as refused:
        status = 429 if isinstance(refused, Busy) else 422
        fresh = conversation_of(request, manner.secret)
        return _page(request, fresh, manner, refusal=refused.message, status=status)
    return HttpResponseRedirect(f"{manner.address()}#dernier")


def take_question(request: HttpRequest, found: Conversation, *, language: str = "") -> None:
    """One of the forms of the page: counted, and done once."""
    throttle.take(QUESTIONS, str(found.pk), now=timezone.now())
    if not secrets.is_done(request, _scope(found)):
        _said(request, found, language or spoken())


def _scope(found: Conversation) -> str:
    return f"assistant:{found.pk}"


def _said(request: HttpRequest, found: Conversation, language: str) -> None:
    """One of the three forms of the page: a question, a choice, an opinion."""
    now, given = timezone.now(), request.POST

    def within(keep: Callable[[], object]) -> None:
        """What is written has one effect for each form; what is looked for is outside of it."""
        secrets.once(request, _scope(found), keep)

    if "key" in given:
        actions.choose_within(
            found,
            within=within,
            now=now,
            ref=given.get("ref", ""),
            key=given.get("key", ""),
            value=given.get("value", ""),
            language=language,
        )
    elif "helped" in given or "called" in given:
        within(
            lambda: actions.rate(
                found,
                now=now,
                helped={"yes": True, "no": False}.get(given.get("helped", "")),
                would_have_called=given.get("called", ""),
            )
        )
    else:
        question = given.get("question", "")
        actions.ask_within(found, question, within=within, now=now, language=language)


def _page(
    request: HttpRequest,
    found: Conversation,
    manner: Manner,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    turns: list[Turn] = assistant.turns_of(found)
    context: dict[str, Any] = {
        **manner.context,
        "conversation": found,
        "here": manner.address(),
        "said": presentation.shown(turns),
        "may_rate": presentation.may_rate(turns),
        "refusal": refusal,
        "question": request.POST.get("question", "") if refusal else "",
        "ways": queries.ways_to_person(found.authority, timezone.now()),
    }
    return render(request, manner.template("conversation"), context, status=status)
