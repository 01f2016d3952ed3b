"""French public holidays and working days, computed without any library."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from parvis.common.clock import ONE_DAY, require_aware
from parvis.common.marking import gettext_noop

CUT_OFF: Final = time(17)


class Territory(StrEnum):
    """Where the public holidays differ (article L3133-1 and its local exceptions)."""

    METROPOLIS = "metropolis"
    ALSACE_MOSELLE = "alsace-moselle"
    GUADELOUPE = "971"
    MARTINIQUE = "972"
    GUYANE = "973"
    REUNION = "974"
    MAYOTTE = "976"


class WorkingWeek(StrEnum):
    """Which weekdays count: Monday to Friday (jours ouvrés) or to Saturday (jours ouvrables)."""

    TO_FRIDAY = "mon-fri"
    TO_SATURDAY = "mon-sat"


_LAST_WEEKDAY = {WorkingWeek.TO_FRIDAY: 4, WorkingWeek.TO_SATURDAY: 5}

_FIXED_DAYS = (
    (1, 1, gettext_noop("New Year's Day")),
    (5, 1, gettext_noop("Labour Day")),
    (5, 8, gettext_noop("Victory Day")),
    (7, 14, gettext_noop("National Day")),
    (8, 15, gettext_noop("Assumption")),
    (11, 1, gettext_noop("All Saints' Day")),
    (11, 11, gettext_noop("Armistice Day")),
    (12, 25, gettext_noop("Christmas Day")),
)
_DAYS_AFTER_EASTER = (
    (1, gettext_noop("Easter Monday")),
    (39, gettext_noop("Ascension")),
    (50, gettext_noop("Whit Monday")),
)
_ABOLITION_OF_SLAVERY = gettext_noop("Abolition of slavery")
_ABOLITION_DAYS = {
    Territory.MAYOTTE: (4, 27),
    Territory.MARTINIQUE: (5, 22),
    Territory.GUADELOUPE: (5, 27),
    Territory.GUYANE: (6, 10),
    Territory.REUNION: (12, 20),
}
_ZONES: Mapping[str, str] = {
    Territory.GUADELOUPE: "America/Guadeloupe",
    Territory.MARTINIQUE: "America/Martinique",
    Territory.GUYANE: "America/Cayenne",
    Territory.REUNION: "Indian/Reunion",
    Territory.MAYOTTE: "Indian/Mayotte",
}
_ALSACE_MOSELLE_DEPARTMENTS = frozenset({"57", "67", "68"})
_GOOD_FRIDAY = gettext_noop("Good Friday")
_ST_STEPHEN = gettext_noop("St Stephen's Day")


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days on which an authority works: its territory, its week, its own extra closures."""

    territory: Territory = Territory.METROPOLIS
    week: WorkingWeek = WorkingWeek.TO_FRIDAY
    closures: frozenset[date] = frozenset()


def territory_of(department: str) -> Territory:
    """The holiday territory of a French department given by its number ("79", "67", "974")."""
    if department in _ALSACE_MOSELLE_DEPARTMENTS:
        return Territory.ALSACE_MOSELLE
    overseas = {territory.value: territory for territory in _ABOLITION_DAYS}
    return overseas.get(department, Territory.METROPOLIS)


def zone_of(territory: str, *, home: str) -> ZoneInfo:
    """Where the days of a territory begin: overseas, midnight is not that of Paris."""
    return ZoneInfo(_ZONES.get(territory, home))


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian algorithm of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    lunar = year % 19
    skipped, leap = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * lunar + century - skipped - moon_shift + 15) % 30
    weekday = (32 + 2 * leap + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (lunar + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def public_holidays(year: int, territory: Territory = Territory.METROPOLIS) -> Mapping[date, str]:
    """Public holidays of a year in a territory, by date, with their English name (a msgid)."""
    sunday = easter(year)
    days = {date(year, month, day): name for month, day, name in _FIXED_DAYS}
    # Ascension may fall on 8 May (1997, 2059): the fixed day keeps its own name.
    for shift, name in _DAYS_AFTER_EASTER:
        days.setdefault(sunday + timedelta(days=shift), name)
    if territory is Territory.ALSACE_MOSELLE:
        days.setdefault(sunday - timedelta(days=2), _GOOD_FRIDAY)
        days[date(year, 12, 26)] = _ST_STEPHEN
    if territory in _ABOLITION_DAYS:
        month, day = _ABOLITION_DAYS[territory]
        days.setdefault(date(year, month, day), _ABOLITION_OF_SLAVERY)
    return MappingProxyType(dict(sorted(days.items())))


def holiday_name(day: date, territory: Territory = Territory.METROPOLIS) -> str | None:
    """The name of the public holiday on this day, or None on an ordinary day."""
    return public_holidays(day.year, territory).get(day)


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    """Whether the authority works that day: in its week, no public holiday, not closed."""
    return (
        day.weekday() <= _LAST_WEEKDAY[calendar.week]
        and day not in calendar.closures
        and holiday_name(day, calendar.territory) is None
    )


def working_day_from(day: date, calendar: WorkingCalendar) -> date:
    """The day itself when it is worked, else the next working day."""
    while not is_working_day(day, calendar):
        day += ONE_DAY
    return day


def day_zero(
    received: datetime, zone: tzinfo, calendar: WorkingCalendar, cut_off: time = CUT_OFF
) -> date:
    """Day from which a delay in working days runs, for something received at this instant.

    Received after the cut-off hour of the place or on a day off, it counts from the next
    working day.
    """
    local = require_aware(received).astimezone(zone)
    late = local.time() > cut_off
    return working_day_from(local.date() + ONE_DAY if late else local.date(), calendar)


def add_working_days(day: date, count: int, calendar: WorkingCalendar) -> date:
    """The date that is so many working days strictly after the given day (day 0)."""
    if count < 0:
        raise ValueError("working days are counted forwards")
    for _ in range(count):
        day = working_day_from(day + ONE_DAY, calendar)
    return day


def working_days_between(after: date, through: date, calendar: WorkingCalendar) -> int:
    """How many working days lie strictly after the first date, up to and including the second."""
    span = range(after.toordinal() + 1, through.toordinal() + 1)
    return sum(is_working_day(date.fromordinal(day), calendar) for day in span)
