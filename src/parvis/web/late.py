"""Gestures that waited in the browser for the network: their real time, and what became of them.

They come to their own address with their own form key, so that the one that had arrived before
the cut has no second effect; a header tells them from those that come at once.
"""

import functools
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.http import nothing_happened
from parvis.queue import queries as queue
from parvis.queue.actions import Slip
from parvis.queue.models import Ticket
from parvis.web import rules

HEADER = "Parvis-Late"
SLACK = timedelta(seconds=2)  # between two gestures of one hand and the clock of the server

P = ParamSpec("P")
View = Callable[P, HttpResponse]


def is_late(request: HttpRequest) -> bool:
    """Did the gesture wait in the browser?"""
    return HEADER in request.headers


def moment_of(request: HttpRequest) -> datetime:
    """When the gesture was made: now, or as long ago as it waited for the network."""
    now = timezone.now()
    if not is_late(request):
        return now
    told = _told(request)
    found = rules.made_at(told, now) if told else None
    if found is None:
        raise Refused(
            _("This waited too long to be noted at its own time. If it still holds, do it again."),
            code="too_old",
        )
    return found


def slip_of(request: HttpRequest) -> Slip | None:
    """The number of the paper roll that somebody was given in the cut."""
    typed = request.POST.get("paper", "").strip()
    if not typed:
        return None
    digits = re.fullmatch(r"[A-Za-z]{0,2}\s*(\d{1,3})", typed, flags=re.ASCII)
    if digits is None:
        raise Refused(_("“%s” is no number of the paper roll.") % typed[:10], code="invalid")
    return Slip(int(digits[1]), moment_of(request))


def check_nothing_since(request: HttpRequest, ticket: Ticket) -> None:
    """A late gesture gives way to what somebody else did with the ticket after it."""
    if not is_late(request):
        return
    made = moment_of(request)
    others = queue.events_of(ticket).filter(at__gt=made + SLACK)
    other = others.exclude(agent=request.user.pk).last()
    if other is None:
        return
    words = {
        "code": ticket.code,
        "name": other.agent.display_name if other.agent else _("another program"),
        "time": time_format(other.at.astimezone(ZoneInfo(ticket.site.timezone))),
    }
    sentence = _("Meanwhile, at %(time)s, %(name)s did something else with ticket %(code)s.")
    raise Refused(sentence % words, code="overtaken")


def answered(view: View[P]) -> View[P]:
    """Tell the browser, in words, what became of a gesture that it sent late."""

    @functools.wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response, request = view(*args, **kwargs), cast(AgentRequest, args[0])
        if not is_late(request) or not isinstance(response, HttpResponseRedirect):
            return response
        done = not nothing_happened(response)
        leaves = not response.url.startswith(reverse("web:workstation"))
        return JsonResponse(
            {
                "done": done,
                "words": " ".join(str(message) for message in get_messages(request)),
                "next": response.url if done and leaves else "",
            }
        )

    return wrapped


def write_down(request: AgentRequest, **what: Any) -> None:
    """Keep in the journal that this was noted afterwards, at the time that the desk says."""
    if is_late(request):
        made = moment_of(request).isoformat(timespec="seconds")
        journal.record(request.user, "queue.noted_late", request.user, made_at=made, **what)


def _told(request: HttpRequest) -> datetime | None:
    try:
        found = parse_datetime(request.POST.get("at", ""))
    except ValueError:
        return None
    return found if found is not None and found.utcoffset() is not None else None
