"""The paper roll: numbers to print for a breakdown, and the sheet to write them down after it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, requires
from parvis.organisations.models import Site
from parvis.queue import actions, queries
from parvis.queue.papers import ROWS, PaperForm, PaperRow, rows_of
from parvis.queue.rules import rolls
from parvis.queue.views.halls import chosen_site, of_site

FEWEST, MOST, USUAL = 1, 300, 60


@requires("queue.work", "queue.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def paper(request: AgentRequest) -> HttpResponse:
    """Type in what the sheet of the breakdown says: all of it is kept, or nothing is lost."""
    site, now = chosen_site(request), timezone.now()
    head = PaperForm(
        request.POST or None, actor=request.user, site=site, initial=_initial(request, site)
    )
    rows = rows_of(request.POST if request.method == "POST" else None, _first_number(site, request))
    context = {"head": head, "rows": rows, "doubts": []}
    if request.method == "POST" and head.is_valid():
        answer = _enter(request, site, head, rows, now)
        if isinstance(answer, HttpResponse):
            return answer
        context |= answer
    context |= {
        "choices": _topics(head),
        "outcomes": PaperRow.outcomes(),
        "entered": queries.paper_tickets(site, _day(head, site)),
        "series": queries.paper_series(site),
    }
    return render(request, "queue/paper.html", of_site(request, site, **context))


def _enter(
    request: AgentRequest, site: Site, head: PaperForm, rows: Sequence[PaperRow], now: datetime
) -> HttpResponse | dict[str, Any]:
    given = head.cleaned_data
    zone = ZoneInfo(site.timezone)
    filled = [row for row in rows if row.is_filled]
    lines = [line for row in filled if (line := row.read(head.topics, given["day"], zone))]
    faults = [fault for row in filled for fault in row.faults]
    doubts = _doubts(site, given, lines, now)
    meant = bool(given["is_meant"])
    blocking = [doubt for doubt in doubts if not (meant and doubt.may_be_meant)]
    for doubt in blocking:
        rows[doubt.row].say(doubt.field, _sentence(doubt, site, given["day"]))
    if not filled:
        head.add_error(None, _("Nothing is typed yet: begin with the time of arrival."))
    if faults or blocking or not filled:
        only_meant = not faults and all(doubt.may_be_meant for doubt in blocking)
        return {"ask_meant": bool(blocking) and only_meant}
    sheet = actions.Sheet(site, given["day"], given["agent"] or request.user, given["desk"])
    try:
        entered = actions.enter_paper(sheet, lines, by=request.user, now=now)
    except actions.LineRefused as refusal:
        rows[refusal.row].say("outcome", refusal.message)
        return {}
    except Refused as refusal:
        head.add_error(None, refusal.message)
        return {}
    count = len(entered)
    words = ngettext("%(count)s number is kept.", "%(count)s numbers are kept.", count)
    messages.success(request, words % {"count": count})
    query = f"?site={site.slug}&jour={given['day'].isoformat()}"
    return redirect(reverse("queue:paper") + query)


def _doubts(
    site: Site, given: dict[str, Any], lines: Sequence[actions.PaperTicket], now: datetime
) -> list[rolls.Doubt]:
    known = {
        ticket.number: ticket.issued_at for ticket in queries.paper_tickets(site, given["day"])
    }
    return rolls.doubts(
        [one.line for one in lines], now=now, known=known, neighbours=sorted(known.items())
    )


def _sentence(doubt: rolls.Doubt, site: Site, day: Any) -> str:
    if doubt.kind == "known":
        old = queries.paper_tickets(site, day).get(number=doubt.other)
        return _("%(code)s of this day is entered already: it arrived at %(time)s.") % {
            "code": old.code,
            "time": date_format(old.issued_at.astimezone(ZoneInfo(site.timezone)), "TIME_FORMAT"),
        }
    return {
        "number": _("Numbers of the roll go from 1 to 999."),
        "twice": _("Number %(other)s stands twice on this sheet."),
        "future": _("This time has not come yet."),
        "called_early": _("Called before the arrival: check both times."),
        "ended_early": _("Ended before the call: check both times."),
        "no_call": _("When was this person called? Without a call, choose “left”."),
        "no_end": _("When did it end?"),
        "long": _("More than four hours: is this right?"),
        "order": _("Arrived before number %(other)s, which is lower: is this right?"),
    }[doubt.kind] % {"other": doubt.other}


def _initial(request: AgentRequest, site: Site) -> dict[str, Any]:
    wanted = request.GET.get("jour", "")
    today = timezone.localdate(timezone=ZoneInfo(site.timezone)).isoformat()
    return {
        "day": wanted or today,
        "agent": request.user.pk,
        "desk": queries.desk_where(request.user),
    }


def _day(head: PaperForm, site: Site) -> Any:
    today = timezone.localdate(timezone=ZoneInfo(site.timezone))
    if head.is_bound:
        return head.cleaned_data.get("day") or today
    return PaperForm.base_fields["day"].to_python(head.initial["day"]) or today


def _first_number(site: Site, request: AgentRequest) -> int:
    day = _initial(request, site)["day"]
    try:
        asked = datetime.fromisoformat(day).date()
    except ValueError:
        asked = timezone.localdate(timezone=ZoneInfo(site.timezone))
    last = queries.paper_tickets(site, asked).last()
    return last.number + 1 if last else 1


def _topics(head: PaperForm) -> list[tuple[str, list[tuple[str, str]]]]:
    rows = sorted(head.topics.values(), key=lambda one: (one.family.position, one.label))
    return [
        (family.label, [(topic.slug, topic.label) for topic in of_family])
        for family, of_family in groupby(rows, key=lambda topic: topic.family)
    ]


@requires("queue.work", "queue.manage")
@require_GET
def roll(request: AgentRequest) -> HttpResponse:
    """Numbers to cut out, and the sheet on which to note what happens to them."""
    site = chosen_site(request)
    first = _number(request.GET.get("de", ""), FEWEST, 999, 1)
    last = _number(request.GET.get("a", ""), first, min(999, first + MOST - 1), first + USUAL - 1)
    series = queries.paper_series(site)
    context = of_site(
        request,
        site,
        first=first,
        last=last,
        codes=[f"{series}\u00a0{number}" for number in range(first, last + 1)],
        rows=ROWS,
        outcomes=PaperRow.outcomes(),
    )
    return render(request, "queue/roll.html", context)


def _number(text: str, least: int, most: int, otherwise: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        return min(max(otherwise, least), most)
    return min(max(int(text), least), most)
