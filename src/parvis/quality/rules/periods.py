"""Days, months and presets: which days a question is about."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from parvis.common.calendar import WorkingCalendar, is_working_day
from parvis.common.clock import ONE_DAY

FOUR_WEEKS = timedelta(days=28)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Days:
    """Local days from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def month_of(day: date) -> Days:
    """The whole month that holds the day."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Days(day.replace(day=1), day.replace(day=last))


def months_until(day: date, count: int = 12) -> list[Days]:
    """So many months, oldest first; the last one ends on the day itself."""
    months = [Days(day.replace(day=1), day)]
    while len(months) < count:
        months.append(month_of(months[-1].first - ONE_DAY))
    return months[::-1]


def presets(today: date) -> dict[str, Days]:
    """The periods that are asked for most; whole days only, so none of them holds today."""
    yesterday = today - ONE_DAY
    this_month = today.replace(day=1)
    return {
        "yesterday": Days(yesterday, yesterday),
        "week": Days(today - timedelta(days=7), yesterday),
        "four_weeks": Days(today - FOUR_WEEKS, yesterday),
        "last_month": month_of(this_month - ONE_DAY),
        "year": Days(today - timedelta(days=365), yesterday),
    }


def waited_longer_than(today: date, days: int, working: WorkingCalendar) -> date:
    """The last worked day from which more than so many working days have passed until today.

    What comes on a day off counts from the next working day, so it is not there yet.
    """
    passed = 0
    for day in _backwards(today):
        if is_working_day(day, working):
            if passed > days:
                return day
            passed += 1
    raise ValueError("no working day in a year")


def _backwards(day: date) -> Iterator[date]:
    for count in range(366):
        yield day - timedelta(days=count)
