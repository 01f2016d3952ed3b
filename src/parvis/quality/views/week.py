"""The usual week of a hall: when people come, how long they wait, how many give up."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.accounts.http import AgentRequest
from parvis.common.http import requires
from parvis.common.numbers import written
from parvis.quality import words
from parvis.quality.queries import heat
from parvis.quality.rules.heat import (
    Cell,
    HalfHour,
    HeatMap,
    Place,
    crowd_steps,
    days_of,
    heat_map,
    level,
    wait_steps,
)
from parvis.quality.views.asking import Question, question
from parvis.quality.views.indicators import common, period_text

LONG, MEDIAN, CROWD, GONE = "long", "median", "people", "gone"
LOOKS = {
    LONG: gettext_lazy("Nine in ten waited less than"),
    MEDIAN: gettext_lazy("One in two waited less than"),
    CROWD: gettext_lazy("People who come"),
    GONE: gettext_lazy("People who gave up"),
}
GONE_STEPS = (0.02, 0.05, 0.1, 0.2)
DAYS_SHOWN = 60


@dataclass(frozen=True)
class Shown:
    """One cell as the page shows it."""

    text: str
    said: str  # for those who do not see the table
    level: int
    url: str
    current: bool


@requires("quality.read")
def show(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    asked = question(request, now=now)
    look = request.GET.get("show", LONG)
    if look not in LOOKS:
        raise Http404
    half_hours = heat.half_hours(asked.frame, asked.perimeter.first, asked.perimeter.last)
    found = heat_map(half_hours, asked.frame.zone)
    place = _asked_place(request)
    context = {
        **common(request, asked),
        "look": look,
        "heading": LOOKS[look],
        "looks": [
            {"text": text, "url": _address(asked, key, place), "current": key == look}
            for key, text in LOOKS.items()
        ],
        "weekdays": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in found.weekdays],
        "rows": _rows(asked, found, look, place),
        "legend": _legend(look, found, asked.frame.target_seconds),
        "period_line": period_text(asked),
    }
    if place is not None:
        context |= _behind(request, asked, half_hours, place)
    return render(request, "quality/week.html", context)


def _asked_place(request: AgentRequest) -> Place | None:
    weekday, _dash, half_hour = request.GET.get("cell", "").partition("-")
    if not (weekday.isascii() and weekday.isdecimal() and half_hour.isascii()):
        return None
    if not half_hour.isdecimal() or len(half_hour) > 2 or len(weekday) > 1:
        return None
    place = Place(int(weekday), int(half_hour))
    return place if place.weekday < 7 and place.half_hour < 48 else None


def _address(asked: Question, look: str, place: Place | None) -> str:
    chosen = {"show": look} if look != LONG else {}
    if place is not None:
        chosen["cell"] = f"{place.weekday}-{place.half_hour}"
    return f"?{asked.query}&{urlencode(chosen)}" if chosen else f"?{asked.query}"


def _rows(asked: Question, found: HeatMap, look: str, place: Place | None) -> list[dict[str, Any]]:
    steps = _steps(look, found, asked.frame.target_seconds)
    return [
        {
            "time": half_hour_text(half_hour),
            "cells": [
                _shown(asked, found.cells.get(one), one, look, steps, is_current=one == place)
                for one in (Place(weekday, half_hour) for weekday in found.weekdays)
            ],
        }
        for half_hour in found.half_hours
    ]


def _shown(
    asked: Question,
    cell: Cell | None,
    place: Place,
    look: str,
    steps: tuple[float, ...],
    *,
    is_current: bool,
) -> Shown | None:
    if cell is None:
        return None
    value = _value(cell, look)
    where = _("%(day)s %(time)s") % {
        "day": str(WEEKDAYS[place.weekday]),
        "time": half_hour_text(place.half_hour),
    }
    said = _("%(where)s: fewer than 5 people")
    if value is not None:
        said = _("%(where)s: %(value)s")
    return Shown(
        "·" if value is None else _text(value, look),
        said % {"where": where, "value": "" if value is None else _text(value, look) + _unit(look)},
        0 if value is None else level(value, steps),
        _address(asked, look, place) + "#jours",
        is_current,
    )


def _value(cell: Cell, look: str) -> float | None:
    return {LONG: cell.p90, MEDIAN: cell.p50, CROWD: cell.per_day, GONE: cell.gone_share}[look]


def _text(value: float, look: str) -> str:
    if look == CROWD:
        return written(value, 1)
    return words.percent(value, 0) if look == GONE else written(value / 60)


def _steps(look: str, found: HeatMap, goal: float) -> tuple[float, ...]:
    steps = GONE_STEPS if look == GONE else wait_steps(goal)
    if look == CROWD:
        steps = crowd_steps(cell.per_day for cell in found.cells.values())
    # Where few people come, steps that are written alike are one.
    return tuple({_text(step, look): step for step in steps}.values())


def _legend(look: str, found: HeatMap, goal: float) -> list[tuple[int, str]]:
    """What each shade means, in words."""
    if not found.cells:
        return []
    ends = [_text(step, look) + _unit(look) for step in _steps(look, found, goal)]
    return [
        (0, _("up to %s") % ends[0]),
        *((place, _("over %s") % end) for place, end in enumerate(ends, start=1)),
    ]


def _unit(look: str) -> str:
    return {CROWD: "", GONE: ""}.get(look, "\u00a0min")


def half_hour_text(half_hour: int) -> str:
    """A half-hour by its beginning, as the language writes times."""
    return time_format(time(half_hour // 2, half_hour % 2 * 30), "TIME_FORMAT")


def _behind(
    request: AgentRequest, asked: Question, half_hours: list[HalfHour], place: Place
) -> dict[str, Any]:
    """The days behind a cell, each with the way to its hall for those who read tickets."""
    may = request.user.may("quality.rows")
    days = days_of(half_hours, place, asked.frame.zone)
    at = f"{place.half_hour // 2:02}:{place.half_hour % 2 * 30:02}"
    return {
        "place_text": _("%(day)s, people who came from %(time)s on")
        % {
            "day": str(WEEKDAYS[place.weekday]).capitalize(),
            "time": half_hour_text(place.half_hour),
        },
        "days": [
            {"day": one, "url": _replay(asked, one.day, at) if may else ""}
            for one in days[:DAYS_SHOWN]
        ],
        "more_days": max(0, len(days) - DAYS_SHOWN),
    }


def _replay(asked: Question, day: date, at: str) -> str:
    chosen: dict[str, Any] = {"day": day.isoformat(), "at": at}
    if asked.perimeter.site is not None:
        chosen["site"] = asked.perimeter.site.pk
    return f"{reverse('quality:replay')}?{urlencode(chosen)}"
