"""The lobby display."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from parvis.common.http import public
from parvis.organisations.models import Site
from parvis.queue import queries, rules
from parvis.queue.views.halls import in_hall

SHOWN = 4  # one large, three below; the others are announced all the same


@public
@require_safe
@in_hall
def display(request: HttpRequest, site: Site) -> HttpResponse:
    now = timezone.now()
    snapshot = queries.display_snapshot(site, now)
    calls = [_shown(call) for call in snapshot["calls"][:SHOWN]]
    context = {
        "site": site,
        "snapshot": snapshot,
        "now": now,
        "call": calls[0] if calls else None,
        "earlier": calls[1:],
        "waits": [(wait["name"], _range(wait)) for wait in snapshot["waits"]],
    }
    return render(request, "queue/display.html", context)


def _shown(call: dict[str, Any]) -> dict[str, Any]:
    word, number = rules.sign(call["desk"])
    return {**call, "word": word, "number": number, "at": parse_datetime(call["called_at"])}


def _range(wait: dict[str, Any]) -> str:
    return queries.range_sentence(rules.WaitRange(wait["low_minutes"], wait["high_minutes"]))
