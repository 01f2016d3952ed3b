from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.common.calendar import (
    Territory,
    WorkingCalendar,
    WorkingWeek,
    add_working_days,
    day_zero,
    holiday_name,
    is_working_day,
    public_holidays,
    territory_of,
    working_days_between,
)

PARIS = ZoneInfo("Europe/Paris")
OFFICE = WorkingCalendar()
SIX_DAYS = WorkingCalendar(week=WorkingWeek.TO_SATURDAY)
CALENDARS = st.builds(
    WorkingCalendar,
    territory=st.sampled_from(Territory),
    week=st.sampled_from(WorkingWeek),
    closures=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=10),
)
DAYS = st.dates(date(2025, 6, 1), date(2028, 6, 1))
SUBDIVISIONS = {
    Territory.METROPOLIS: None,
    Territory.ALSACE_MOSELLE: "57",
    Territory.GUADELOUPE: "971",
    Territory.MARTINIQUE: "972",
    Territory.GUYANE: "973",
    Territory.REUNION: "974",
    Territory.MAYOTTE: "976",
}
# The library also lists days off by custom in the West Indies, which the law does not name.
CUSTOMARY = {
    Territory.GUADELOUPE: {"Good Friday", "Mi-Careme", "Victor Schoelcher Day"},
    Territory.MARTINIQUE: {"Victor Schoelcher Day"},
}
# It drops Whit Monday in 2005-2007, when it was worked as the day of solidarity yet a holiday.
YEARS = [year for year in range(1984, 2101) if year not in {2005, 2006, 2007}]


@pytest.mark.parametrize(
    ("day", "count", "to_friday", "to_saturday"),
    [
        (date(2026, 4, 30), 5, date(2026, 5, 11), date(2026, 5, 7)),
        (date(2026, 5, 7), 15, date(2026, 6, 2), date(2026, 5, 28)),
        (date(2026, 12, 23), 5, date(2026, 12, 31), date(2026, 12, 30)),
        (date(2026, 4, 3), 1, date(2026, 4, 7), date(2026, 4, 4)),
    ],
)
def test_working_days_are_added_as_in_the_worked_examples(
    day: date, count: int, to_friday: date, to_saturday: date
) -> None:
    assert add_working_days(day, count, OFFICE) == to_friday
    assert add_working_days(day, count, SIX_DAYS) == to_saturday


@pytest.mark.parametrize(("year", "expected"), [(2025, 251), (2026, 252), (2027, 254)])
def test_a_year_has_its_known_number_of_working_days(year: int, expected: int) -> None:
    assert working_days_between(date(year - 1, 12, 31), date(year, 12, 31), OFFICE) == expected


@pytest.mark.parametrize("territory", Territory)
def test_public_holidays_agree_with_an_independent_library(territory: Territory) -> None:
    custom = CUSTOMARY.get(territory, set())
    for year in YEARS:
        oracle = holidays.country_holidays(
            "FR", subdiv=SUBDIVISIONS[territory], years=year, language="en_US"
        )
        expected = {day for day, names in oracle.items() if set(names.split("; ")) - custom}

        assert set(public_holidays(year, territory)) == expected, year


def test_good_friday_is_worked_outside_alsace_moselle() -> None:
    good_friday = date(2026, 4, 3)

    assert is_working_day(good_friday, OFFICE)
    assert not is_working_day(good_friday, WorkingCalendar(Territory.ALSACE_MOSELLE))
    assert holiday_name(date(2026, 12, 26), Territory.ALSACE_MOSELLE) == "St Stephen's Day"
    assert holiday_name(date(2026, 12, 26)) is None


@pytest.mark.parametrize(
    ("department", "month", "day"),
    [("971", 5, 27), ("972", 5, 22), ("973", 6, 10), ("974", 12, 20), ("976", 4, 27)],
)
def test_each_overseas_department_keeps_its_abolition_day(
    department: str, month: int, day: int
) -> None:
    named = public_holidays(2027, territory_of(department))

    assert named[date(2027, month, day)] == "Abolition of slavery"
    assert len(named) == 12


@pytest.mark.parametrize(
    ("department", "territory"),
    [
        ("79", Territory.METROPOLIS),
        ("2A", Territory.METROPOLIS),
        ("67", Territory.ALSACE_MOSELLE),
        ("57", Territory.ALSACE_MOSELLE),
    ],
)
def test_a_department_belongs_to_its_territory(department: str, territory: Territory) -> None:
    assert territory_of(department) is territory


def test_a_local_closure_is_not_a_working_day() -> None:
    bridge = WorkingCalendar(closures=frozenset({date(2026, 5, 15)}))

    assert add_working_days(date(2026, 5, 13), 1, bridge) == date(2026, 5, 18)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (datetime(2026, 3, 6, 16, 0, tzinfo=UTC), date(2026, 3, 6)),  # Friday 17:00 sharp
        (datetime(2026, 3, 6, 16, 1, tzinfo=UTC), date(2026, 3, 9)),  # Friday evening
        (datetime(2026, 3, 7, 9, 0, tzinfo=UTC), date(2026, 3, 9)),  # Saturday
        (datetime(2026, 5, 7, 22, 30, tzinfo=UTC), date(2026, 5, 11)),  # 8 May, 00:30 in Paris
    ],
)
def test_day_zero_is_a_working_day_of_the_place(received: datetime, expected: date) -> None:
    assert day_zero(received, PARIS, OFFICE) == expected


@given(DAYS, st.integers(1, 40), CALENDARS)
def test_adding_and_counting_working_days_agree(
    day: date, count: int, calendar: WorkingCalendar
) -> None:
    due = add_working_days(day, count, calendar)

    assert is_working_day(due, calendar)
    assert working_days_between(day, due, calendar) == count
    assert working_days_between(day, due - timedelta(days=1), calendar) == count - 1


@given(DAYS, st.integers(0, 40), CALENDARS)
def test_a_longer_delay_is_never_due_earlier(
    day: date, count: int, calendar: WorkingCalendar
) -> None:
    assert add_working_days(day, count, calendar) <= add_working_days(day, count + 1, calendar)


def test_no_delay_runs_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 1, 1), -1, OFFICE)
