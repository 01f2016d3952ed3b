"""A day of the hall again: who waited at eleven, how long, and who received."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.accounts.http import AgentRequest
from parvis.common.clock import ONE_DAY, instant_of
from parvis.common.http import requires
from parvis.organisations.models import Site
from parvis.quality import words
from parvis.quality.forms import SiteForm
from parvis.quality.queries import Frame, Perimeter, frame_of, heat, today
from parvis.quality.queries.replay import DayOfHall, day_of_hall
from parvis.quality.rules import replay
from parvis.quality.rules.heat import Cell, Place, heat_map
from parvis.quality.views.asking import refuse_foreign
from parvis.quality.views.week import half_hour_text
from parvis.queue.models import Ticket

STEP = timedelta(minutes=5)
JUMPS = (-30, -5, 5, 30)  # minutes
WAITING_SHOWN = 200


class MomentForm(SiteForm):
    """A day, a hall, and a moment of it."""

    at = forms.TimeField(
        label=_("Time"),
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"),
    )


@dataclass(frozen=True)
class Line:
    """One ticket in the hall at the moment looked at."""

    ticket: Ticket
    standing: replay.Standing
    minutes: int
    in_all: int | None
    desk: str


@requires("quality.rows")
def show(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    authority = request.user.authority
    bare = frame_of(Perimeter(authority, now.date(), now.date()))
    form = _form(request, bare.today(now))
    site = form.cleaned_data.get("site") or _first_site(request)
    if site is None:
        return render(request, "quality/replay.html", {"form": form, "site": None})
    frame = Frame(Perimeter(authority, now.date(), now.date(), site=site), bare.sites, bare.topics)
    day = form.cleaned_data.get("day") or today.last_day(frame, now)
    context = {"form": form, "site": site, "day": day, "frame": frame}
    found = day_of_hall(site, day, reader=request.user)
    context |= _played(found, frame, site, day, form.cleaned_data.get("at"), now)
    if form.is_valid():
        moment = context.get("moment")
        shown = {"site": site.pk, "day": day, "at": moment and f"{moment:%H:%M}"}
        context["form"] = _form(request, bare.today(now), shown)
    return render(request, "quality/replay.html", context)


def _form(request: AgentRequest, day: date, shown: dict[str, Any] | None = None) -> MomentForm:
    form = MomentForm(
        request.user.authority,
        day,
        None if shown else request.GET,
        auto_id="replay_%s",
        use_required_attribute=False,
        initial=shown,
    )
    form.fields["site"].empty_label = None  # type: ignore[attr-defined]
    if not shown:
        form.is_valid()
        refuse_foreign(form, ("site",))
    return form


def _first_site(request: AgentRequest) -> Site | None:
    ours = Site.objects.visible_to(request.user).filter(is_active=True)
    return ours.filter(tickets__isnull=False).order_by("pk").first() or ours.first()


def _played(
    found: DayOfHall, frame: Frame, site: Site, day: date, asked: time | None, now: datetime
) -> dict[str, Any]:
    zone = ZoneInfo(site.timezone)
    points = replay.curve(found.changes, found.sittings, step=STEP)
    moment = instant_of(day, asked, zone) if asked else replay.fullest(points)
    if moment is None:
        return {"points": []}
    then = replay.hall_at(found.changes, moment)
    local = moment.astimezone(zone)
    cells = heat_map(heat.half_hours(frame, day, day), frame.zone).cells
    return {
        "points": points,
        "zone": zone,
        "moment": local,
        "is_fullest": asked is None,
        "chart": replay.drawing(points, moment),
        "then": then,
        "unlisted": words.unlisted(_sealed(then, found)),
        "waiting": _lines(then.waiting, found, moment)[:WAITING_SHOWN],
        "at_desks": _lines(then.at_desks, found, moment),
        "held": _lines(then.held, found, moment),
        "desks_open": _open_at(found, moment),
        "half_hour": _told(cells.get(Place(day.weekday(), local.hour * 2 + (local.minute >= 30)))),
        "half_hours": [
            (_told(cells[place]), half_hour_text(place.half_hour))
            for place in sorted(cells, key=lambda one: one.half_hour)
        ],
        "jumps": [_jump(site, day, local, minutes, points) for minutes in JUMPS],
        "before": _address(site, day - ONE_DAY, local),
        "after": _address(site, day + ONE_DAY, local) if day + ONE_DAY < frame.today(now) else "",
    }


def _lines(standing: tuple[replay.Standing, ...], found: DayOfHall, moment: datetime) -> list[Line]:
    return [
        Line(
            found.tickets[one.ticket],
            one,
            one.minutes_so_far(moment),
            one.minutes_in_all(),
            found.desks.get((one.next.desk if one.next else None) or one.desk or 0, ""),
        )
        for one in standing
        if one.ticket in found.tickets
    ]


def _told(cell: Cell | None) -> dict[str, Any] | None:
    """A half-hour in words."""
    if cell is None:
        return None
    found = {"people": cell.people, "gone": cell.gone, "median": "", "ninth": "", "sentence": ""}
    if cell.p50 is not None and cell.p90 is not None:
        found["median"] = words.duration(cell.p50)
        found["ninth"] = words.duration(cell.p90)
        found["sentence"] = f"{words.half_waited(cell.p50)} {words.nine_waited(cell.p90)}"
    return found


def _sealed(then: replay.HallThen, found: DayOfHall) -> int:
    everybody = (*then.waiting, *then.at_desks, *then.held)
    return sum(one.ticket not in found.tickets for one in everybody)


def _open_at(found: DayOfHall, moment: datetime) -> int:
    return sum(start <= moment and (end is None or moment < end) for start, end in found.sittings)


def _jump(
    site: Site, day: date, local: datetime, minutes: int, points: list[replay.Point]
) -> dict[str, Any]:
    to = local + timedelta(minutes=minutes)
    inside = points[0].at <= to <= points[-1].at
    return {
        "minutes": abs(minutes),
        "is_back": minutes < 0,
        "url": _address(site, day, to) if inside else "",
    }


def _address(site: Site, day: date, local: datetime) -> str:
    return "?" + urlencode({"site": site.pk, "day": day.isoformat(), "at": f"{local:%H:%M}"})
