"""The lobby displays: the whole hall, or some of its topics; and what they report."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

import parvis
from parvis.common.http import public
from parvis.organisations.models import Site
from parvis.queue import actions, queries, rules, visitors
from parvis.queue.models import Screen
from parvis.queue.views.halls import in_hall

SHOWN = 4  # one large, three below; the others are announced all the same
LONGEST_REPORT = 100


@public
@require_safe
@in_hall
def display(request: HttpRequest, site: Site, screen: str = "") -> HttpResponse:
    now = timezone.now()
    topics = queries.topics_of_screen(site, screen)
    if topics is None:
        raise Http404
    row = queries.screen_of(site, screen or queries.MAIN_SCREEN)
    snapshot = queries.display_snapshot(site, now, topics=topics)
    calls = [_shown(call) for call in snapshot["calls"]]
    # The large panel is for somebody on the way to a desk, and for nobody else.
    awaited = next((call for call in calls if call["awaited"]), None)
    context = {
        "site": site,
        "screen": row,
        "slug": screen or queries.MAIN_SCREEN,
        "is_partial": bool(topics),
        "mark": _mark(site, row, topics),
        "snapshot": snapshot,
        "now": now,
        "call": awaited,
        "earlier": [call for call in calls if call is not awaited][: SHOWN - 1],
        "waits": [(_name(wait["name"], wait["names"]), _range(wait)) for wait in snapshot["waits"]],
        "opening": _opening_words(snapshot["opening"], site),
        "voices": json.dumps(_sentences(site, row), ensure_ascii=False),
    }
    return render(request, "queue/display.html", context)


@public
@csrf_exempt  # a display has no session; a forged report changes nothing that people see
@require_POST
@in_hall
def report(request: HttpRequest, site: Site, screen: str) -> HttpResponse:
    """A display says what it shows, and learns whether its page is still the right one."""
    said = request.POST.get("version", "")
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        return JsonResponse({"detail": "a report says the version shown"}, status=400)
    voiceless = request.POST.get("voiceless", "")[:LONGEST_REPORT].split()
    topics = queries.topics_of_screen(site, screen)
    row = actions.screen_reports(
        site, screen, version=int(said), voiceless=voiceless, now=timezone.now()
    )
    if row is None or topics is None:
        raise Http404
    known = {"version": queries.hall_version(site), "page": _mark(site, row, topics)}
    return JsonResponse(known)


def _mark(site: Site, row: Screen | None, topics: Iterable[int]) -> str:
    """Changes with whatever the page was made of: a display that shows another one loads anew."""
    made_of = [parvis.__version__, sorted(topics), row.languages if row else []]
    made_of.append(queries.languages_of(site))
    return salted_hmac("parvis.display", json.dumps(made_of), algorithm="sha256").hexdigest()[:16]


def _sentences(site: Site, row: Screen | None) -> dict[str, str]:
    """How a call is said in each language of the display, in their order."""
    spoken = visitors.known(row.languages) if row and row.languages else [settings.LANGUAGE_CODE]
    said = {}
    for language in spoken:
        with translation.override(language):
            said[language] = _("Ticket {code}, {desk}")
    return said


def _shown(call: dict[str, Any]) -> dict[str, Any]:
    word, number = rules.sign(_name(call["desk"], call["desk_names"]))
    return {**call, "word": word, "number": number, "at": parse_datetime(call["called_at"])}


def _name(name: str, names: dict[str, str]) -> str:
    return names.get((get_language() or "fr").partition("-")[0], "") or name


def _range(wait: dict[str, Any]) -> str:
    return queries.range_sentence(rules.WaitRange(wait["low_minutes"], wait["high_minutes"]))


def _opening_words(opening: dict[str, Any], site: Site) -> str:
    if opening["open"]:
        return queries.open_sentence(_local(opening["until"], site))
    return queries.closed_briefly(_local(opening["next"], site)) if opening["open"] is False else ""


def _local(moment: str | None, site: Site) -> datetime | None:
    found = parse_datetime(moment) if moment else None
    return found.astimezone(ZoneInfo(site.timezone)) if found else None
