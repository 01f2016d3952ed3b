"""One's own ticket on a phone: the place in line, the call, giving the place back."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.cases import queries as cases
from parvis.common.errors import Refused
from parvis.common.http import refuse
from parvis.queue import actions, visitors
from parvis.queue import queries as queue
from parvis.queue.models import Ticket
from parvis.web.secret import Unknown, count_write, once, secret_page
from parvis.web.views.answers import Question, question

State = Ticket.State
OVER = {State.DONE, State.NO_SHOW, State.LEFT}


@secret_page
@require_safe
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    now = timezone.now()
    found = _found(request, secret, now)
    with timezone.override(ZoneInfo(found.site.timezone)):
        page = {**_page(found, secret, now), "solved": _question(request, found, secret)}
        return render(request, "web/ticket.html", page)


@secret_page
@require_POST
def leave(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the place back."""
    now = timezone.now()
    found = _found(request, secret, now)
    count_write(f"ticket:{found.pk}")
    try:
        once(request, f"ticket-leave:{found.pk}", lambda: _leave(found, now))
        messages.success(request, _("Your place was given back. Thank you for telling us."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("web:ticket", secret=secret)


def _leave(found: Ticket, now: datetime) -> None:
    actions.leave(found, now=now)


def _found(request: HttpRequest, secret: str, now: datetime) -> Ticket:
    found = queue.ticket_by_secret(secret, now)
    if found is None:
        raise Unknown
    request.authority = found.site.authority  # type: ignore[attr-defined]
    visitors.follow(request, found.language)
    return found


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


def _page(found: Ticket, secret: str, now: datetime) -> dict[str, Any]:
    is_waiting = found.state == State.WAITING
    place = queue.position(found, now) if is_waiting else None
    return {
        "ticket": found,
        "site": found.site,
        "secret": secret,
        "state": found.state,
        "place": place,
        "wait": queue.range_sentence(place.wait) if place else "",
        "is_over": found.state in OVER,
        "may_leave": found.state in {State.WAITING, State.HELD},
        "now": now,
    }
