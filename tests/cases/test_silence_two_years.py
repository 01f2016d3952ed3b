"""Two years, day by day, against calendars that others have written."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from dateutil.relativedelta import relativedelta

from parvis.cases.rules import Facts, Meaning, Terms, electronic_due, what_silence_means
from parvis.common.calendar import Territory, WorkingCalendar, zone_of
from tests.common.test_calendar import CUSTOMARY, SUBDIVISIONS

DAYS = [date(2027, 1, 1) + timedelta(days=n) for n in range(731)]  # a leap day among them
PARIS = "Europe/Paris"


def known_holidays(territory: Territory) -> set[date]:
    """What an independent library says, without the days off by custom that no law names."""
    found = set()
    for year in range(2026, 2031):
        listed = holidays.country_holidays(
            "FR", subdiv=SUBDIVISIONS[territory], years=year, language="en_US"
        )
        custom = CUSTOMARY.get(territory, set())
        found |= {day for day, names in listed.items() if set(names.split("; ")) - custom}
    return found


def next_worked(day: date, off: set[date]) -> date:
    while True:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in off:
            return day


@pytest.mark.parametrize("territory", list(Territory))
def test_every_evening_of_two_years_is_registered_on_the_next_day_of_work(territory: Territory):
    off, zone = known_holidays(territory), zone_of(territory, home=PARIS)

    for day in DAYS:
        evening = datetime.combine(day, time(23, 59), zone).astimezone(UTC)
        due = electronic_due(
            evening, channel="email", zone=zone, calendar=WorkingCalendar(territory), days=7
        )
        assert due is not None
        assert (due.registration_on, due.full_on) == (next_worked(day, off), day + timedelta(7))


@pytest.mark.parametrize("meaning", [Meaning.ACCEPTANCE, Meaning.REJECTION])
@pytest.mark.parametrize("months", [1, 2, 3, 12])
def test_every_day_of_two_years_ends_on_the_day_that_a_calendar_says(meaning: Meaning, months: int):
    for day in DAYS:
        counted = what_silence_means(Terms(meaning, months), Facts(day, day))
        assert counted.falls_on == day + relativedelta(months=months)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
        (date(2027, 12, 29), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 4, 29)),
        (date(2027, 8, 31), date(2027, 10, 31)),
        (date(2027, 7, 31), date(2027, 9, 30)),
    ],
)
def test_two_months_end_in_months_that_are_shorter(start: date, end: date):
    assert what_silence_means(Terms(Meaning.REJECTION, 2), Facts(start, start)).falls_on == end


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26)])
def test_the_nights_on_which_clocks_change_belong_to_their_day(night: date):
    zone = ZoneInfo(PARIS)
    calendar = WorkingCalendar()
    begins = datetime.combine(night, time(0), zone).astimezone(UTC)
    ends = datetime.combine(night + timedelta(days=1), time(0), zone).astimezone(UTC)

    for instant in (begins, begins + timedelta(hours=2), ends - timedelta(seconds=1)):
        due = electronic_due(instant, channel="web", zone=zone, calendar=calendar, days=7)
        assert due is not None
        assert due.full_on == night + timedelta(days=7)


def test_the_same_instant_is_another_day_overseas():
    instant = datetime(2027, 3, 1, 22, 30, tzinfo=UTC)

    days = {
        territory: instant.astimezone(zone_of(territory, home=PARIS)).date()
        for territory in (Territory.METROPOLIS, Territory.REUNION, Territory.MARTINIQUE)
    }

    assert list(days.values()) == [date(2027, 3, 1), date(2027, 3, 2), date(2027, 3, 1)]
