"""One's own ticket on a phone: the place, an honest range, and what can be done with it."""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cases import queries as cases
from parvis.common.errors import Refused
from parvis.common.http import refuse
from parvis.queue import actions, rules, visitors
from parvis.queue import queries as queue
from parvis.queue.models import Alert, Ticket
from parvis.web.secret import Unknown, count_write, once, secret_page
from parvis.web.views.answers import Question, question

State = Ticket.State
OVER: Final = frozenset({State.DONE, State.NO_SHOW, State.LEFT})
NEAR: Final = 2  # people before: time to come closer

View = Callable[[HttpRequest, Ticket, str], HttpResponse]


def _of_ticket(view: View) -> Callable[..., HttpResponse]:
    """A page of a ticket, in the language of its owner and the time of its site."""

    @functools.wraps(view)
    def found_first(request: HttpRequest, secret: str) -> HttpResponse:
        found = queue.ticket_by_secret(secret, timezone.now())
        if found is None:
            raise Unknown
        request.authority = found.site.authority  # type: ignore[attr-defined]
        chosen = visitors.of_ticket(request, found.language)
        language = chosen or translation.get_language() or settings.LANGUAGE_CODE
        with translation.override(language), timezone.override(ZoneInfo(found.site.timezone)):
            response = view(request, found, secret)
        response.headers["Content-Language"] = language
        return response

    return secret_page(found_first)


def _gesture(done: str) -> Callable[[Callable[..., None]], Callable[..., HttpResponse]]:
    """A button of the page: one effect, and back to the page with a sentence."""

    def wrap(effect: Callable[..., None]) -> Callable[..., HttpResponse]:
        def act(request: HttpRequest, found: Ticket, secret: str) -> HttpResponse:
            count_write(f"ticket:{found.pk}")
            scope = f"ticket-{effect.__name__}:{found.pk}"
            try:
                once(request, scope, lambda: effect(request, found, timezone.now()))
                if done:
                    messages.success(request, _(done))
            except Refused as refusal:
                refuse(request, refusal)
            return redirect("web:ticket", secret=secret)

        return require_POST(_of_ticket(functools.wraps(effect)(act)))

    return wrap


@require_safe
@_of_ticket
def ticket(request: HttpRequest, found: Ticket, secret: str) -> HttpResponse:
    page = {**_page(found, secret, timezone.now()), "solved": _question(request, found, secret)}
    return render(request, "web/ticket.html", page)


@_gesture(done="")
def leave(_request: HttpRequest, found: Ticket, now: datetime) -> None:
    """Give the place back; the page itself says so and offers to take it up again."""
    actions.leave(found, now=now)


@_gesture(done="")
def come_back(_request: HttpRequest, found: Ticket, now: datetime) -> None:
    """Take the place up again: missed, left by mistake, or set aside."""
    actions.come_back(found, now=now)


@require_POST
@_of_ticket
def speak(request: HttpRequest, found: Ticket, secret: str) -> HttpResponse:
    """Read the page, and be told, in another language."""
    if (language := request.POST.get("language", "")) not in settings.VISITOR_LANGUAGES:
        raise Http404
    count_write(f"ticket:{found.pk}")
    actions.speak_to(found, language)
    answer = redirect("web:ticket", secret=secret)
    if language in dict(settings.LANGUAGES):  # else the ticket itself remembers
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@_of_ticket
def let_pass(request: HttpRequest, found: Ticket, secret: str) -> HttpResponse:
    """Let two people pass: the new place and range are said before."""
    if request.method == "POST":
        return _let_pass(request, found, secret)
    now = timezone.now()
    if found.state != State.WAITING:
        return redirect("web:ticket", secret=secret)
    hall = queue.load_hall(found.site, now)
    place = queue.position(found, now, hall=hall)
    later = queue.position_behind(found, rules.LET_PAST, now, hall=hall)
    context = {
        **_base(found, secret),
        "place": place,
        "wait": queue.range_sentence(place.wait),
        "later": later,
        "later_wait": queue.range_sentence(later.wait) if later else "",
        "left": max(0, queue.hall_rules(found.site).lets_past - found.let_past),
    }
    return render(request, "web/ticket_pass.html", context)


def _let_pass(request: HttpRequest, found: Ticket, secret: str) -> HttpResponse:
    count_write(f"ticket:{found.pk}")
    try:
        once(
            request,
            f"ticket-let_pass:{found.pk}",
            lambda: _nothing(actions.let_pass(found, now=timezone.now())),
        )
        messages.success(request, _("Thank you: others go first. Your new place is below."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("web:ticket", secret=secret)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_ticket
def alert(request: HttpRequest, found: Ticket, secret: str) -> HttpResponse:
    """Be told by e-mail or text message when it is nearly one's turn."""
    typed, problem = {"channel": "", "address": ""}, ""
    if request.method == "POST":
        count_write(f"ticket:{found.pk}")
        typed = {name: request.POST.get(name, "")[:300] for name in typed}
        try:
            once(request, f"ticket-alert:{found.pk}", lambda: _ask(found, typed))
            messages.success(request, _("Noted: you will be told when it is nearly your turn."))
            return redirect("web:ticket", secret=secret)
        except Refused as refusal:
            problem = refusal.message
    context = {
        **_base(found, secret),
        "asked": queue.alerts_of(found),
        "typed": typed,
        "problem": problem,
        "ahead": NEAR,
        "may_ask": found.state in {State.WAITING, State.HELD},
    }
    return render(request, "web/ticket_alert.html", context, status=409 if problem else 200)


def _ask(found: Ticket, typed: dict[str, str]) -> None:
    now = timezone.now()
    actions.ask_alert(
        found, channel=typed["channel"], address=typed["address"], now=now, ahead=NEAR
    )


@_gesture(done="")
def no_alert(request: HttpRequest, found: Ticket, _now: datetime) -> None:
    """Not wished any more: the address is forgotten at once."""
    actions.drop_alert(found, channel=request.POST.get("channel", ""))


def _nothing(_value: object) -> None:
    """An effect gives nothing back."""


def _question(request: HttpRequest, found: Ticket, secret: str) -> Question | None:
    """Was it solved? Asked when the visit is over."""
    contact = found.contact
    if contact is None or found.state != State.DONE:
        return None
    case = cases.of_contact(contact)
    return question(
        request,
        contact,
        address=reverse("web:ticket-answer", args=[secret]),
        ask_reach=case is None and contact.person_id is None,
        case=case,
    )


def _base(found: Ticket, secret: str) -> dict[str, Any]:
    return {
        "ticket": found,
        "site": found.site,
        "secret": secret,
        "state": found.state,
        "visitor_languages": settings.VISITOR_LANGUAGES,
    }


def _page(found: Ticket, secret: str, now: datetime) -> dict[str, Any]:
    is_waiting = found.state == State.WAITING
    version = queue.hall_version(found.site)  # before the place: what comes later is looked at
    place = queue.position(found, now) if is_waiting else None
    legs = queue.legs_of(found)
    to_come = [leg for leg in legs if leg.waiting_since is None and leg.ended_at is None]
    topics = {found.topic_id, *(leg.topic_id for leg in to_come)}
    is_over = found.state in OVER
    return {
        **_base(found, secret),
        "version": version,
        "place": place,
        "wait": queue.range_sentence(place.wait) if place else "",
        "announced": queue.range_sentence(_announced(found)) if is_waiting else "",
        "done_before": [leg for leg in legs if leg.ended_at is not None and not is_over],
        "to_come": to_come,
        "notices": [] if is_over else queue.notices_for(found.site, now, topics),
        "is_over": is_over,
        "may_leave": found.state in {State.WAITING, State.HELD},
        "may_let_pass": is_waiting and found.let_past < queue.hall_rules(found.site).lets_past,
        "back_until": _back_until(found, now),
        "alerts": queue.alerts_of(found) if is_waiting else {},
        "channels": dict(Alert.Channel.choices),
        "near": NEAR,
        "now": now,
    }


def _announced(found: Ticket) -> rules.WaitRange | None:
    if found.announced_low is None or found.announced_high is None:
        return None
    return rules.WaitRange(found.announced_low, found.announced_high)


def _back_until(found: Ticket, now: datetime) -> datetime | None:
    """Until when a missed or left place may be taken up again; None when that is over."""
    if found.state not in {State.NO_SHOW, State.LEFT} or found.ended_at is None:
        return None
    within = timedelta(minutes=queue.hall_rules(found.site).back_minutes)
    if not rules.may_come_back(found.ended_at, now=now, within=within):
        return None
    return found.ended_at + within
