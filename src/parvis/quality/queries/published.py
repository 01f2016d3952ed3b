"""How long people wait at a place, and how far our announcements can be trusted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.cache import cache

from parvis.common.clock import local_day
from parvis.organisations.models import Site
from parvis.quality.queries.heat import half_hours
from parvis.quality.queries.perimeter import Perimeter, frame_of
from parvis.quality.rules.heat import HeatMap, Place, heat_map, level, wait_steps
from parvis.queue import queries as queue

WEEKS: Final = 4
KEPT: Final = 600  # seconds
_MONDAY: Final = date(2024, 1, 1)


@dataclass(frozen=True)
class UsualWaits:
    """The last four closed weeks of a place."""

    first: date
    last: date
    week: HeatMap
    error: queue.EstimateError
    goal_seconds: float


@dataclass(frozen=True)
class Cell:
    """One half-hour of a weekday: minutes that one in two, and nine in ten, wait at most."""

    median: int
    ninety: int
    level: int  # of shade, by the goal of the place
    people: int


@dataclass(frozen=True)
class Row:
    """One half-hour of the clocks, over the week."""

    time: time
    cells: list[Cell | None]


def usual_waits(site: Site, now: datetime) -> UsualWaits:
    """Read the four weeks before today, again every ten minutes."""
    last = local_day(now, ZoneInfo(site.timezone)) - timedelta(days=1)
    key = f"quality:waits:{site.pk}:{last}"
    known: UsualWaits | None = cache.get(key)
    if known is None:
        known = _read(site, last)
        cache.set(key, known, KEPT)
    return known


def _read(site: Site, last: date) -> UsualWaits:
    first = last - timedelta(days=7 * WEEKS - 1)
    frame = frame_of(Perimeter(site.authority, first, last, site=site))
    found = heat_map(half_hours(frame, first, last), ZoneInfo(site.timezone))
    error = queue.estimate_error([site], first, last)
    return UsualWaits(first, last, found, error, site.wait_target_minutes * 60)


def rows(waits: UsualWaits) -> list[Row]:
    """The week as a table; a half-hour in which fewer than five people came is empty."""
    return [
        Row(_clock(half), [_cell(waits, Place(weekday, half)) for weekday in waits.week.weekdays])
        for half in waits.week.half_hours
    ]


def weekdays(waits: UsualWaits) -> list[date]:
    """Days whose names head the table."""
    return [_MONDAY + timedelta(days=number) for number in waits.week.weekdays]


def plain_rows(waits: UsualWaits) -> Iterator[dict[str, Any]]:
    """The same as data: Monday is 1."""
    for row in rows(waits):
        for weekday, cell in zip(waits.week.weekdays, row.cells, strict=True):
            if cell is not None:
                yield {
                    "weekday": weekday + 1,
                    "time": row.time.strftime("%H:%M"),
                    "people": cell.people,
                    "median_minutes": cell.median,
                    "ninety_percent_minutes": cell.ninety,
                }


def _cell(waits: UsualWaits, place: Place) -> Cell | None:
    found = waits.week.cells.get(place)
    if found is None or found.p50 is None or found.p90 is None:
        return None
    shade = level(found.p90, wait_steps(waits.goal_seconds))
    return Cell(round(found.p50 / 60), round(found.p90 / 60), shade, found.people)


def _clock(half_hour: int) -> time:
    return time(half_hour // 2, half_hour % 2 * 30)
