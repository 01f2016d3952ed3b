from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.common.clock import day_bounds, elapsed_seconds, instant_of, local_day

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
ZONES = st.sampled_from([PARIS, REUNION])
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 30))
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
SPRING_DAYS = [date(2024, 3, 31), date(2025, 3, 30), SPRING, date(2027, 3, 28)]
AUTUMN_DAYS = [date(2024, 10, 27), date(2025, 10, 26), AUTUMN, date(2027, 10, 31)]


def hours(day: date, zone: ZoneInfo) -> float:
    start, end = day_bounds(day, zone)
    return elapsed_seconds(start, end) / 3600


@pytest.mark.parametrize("day", SPRING_DAYS)
def test_the_night_that_loses_an_hour_makes_a_day_of_23_hours(day: date) -> None:
    assert hours(day, PARIS) == 23


@pytest.mark.parametrize("day", AUTUMN_DAYS)
def test_the_night_that_gains_an_hour_makes_a_day_of_25_hours(day: date) -> None:
    assert hours(day, PARIS) == 25


@given(DAYS)
def test_a_day_in_reunion_always_lasts_24_hours(day: date) -> None:
    assert hours(day, REUNION) == 24


@given(DAYS, ZONES)
def test_days_follow_one_another_without_gap_or_overlap(day: date, zone: ZoneInfo) -> None:
    start, end = day_bounds(day, zone)

    assert day_bounds(day + timedelta(days=1), zone)[0] == end
    assert local_day(start, zone) == day
    assert local_day(start - timedelta(microseconds=1), zone) == day - timedelta(days=1)
    assert local_day(end - timedelta(microseconds=1), zone) == day
    assert hours(day, zone) in {23, 24, 25}


@given(st.datetimes(datetime(2000, 1, 2), datetime(2099, 1, 1), timezones=st.just(UTC)), ZONES)
def test_every_instant_lies_within_its_local_day(instant: datetime, zone: ZoneInfo) -> None:
    start, end = day_bounds(local_day(instant, zone), zone)

    assert start <= instant < end


@given(st.sampled_from([*SPRING_DAYS, *AUTUMN_DAYS]), st.times(), st.times())
def test_later_on_the_wall_is_never_earlier_in_time(day: date, one: time, other: time) -> None:
    earlier, later = sorted([one, other])

    assert instant_of(day, earlier, PARIS) <= instant_of(day, later, PARIS)


def test_a_skipped_time_means_the_end_of_the_gap() -> None:
    assert instant_of(SPRING, time(2, 40), PARIS) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert instant_of(SPRING, time(2, 0, 0, 1), PARIS) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_repeated_time_means_its_first_occurrence() -> None:
    assert instant_of(AUTUMN, time(2, 30), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_wait_across_the_autumn_night_counts_the_hour_lived_twice() -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=PARIS)
    end = datetime(2026, 10, 25, 3, 30, tzinfo=PARIS)

    assert elapsed_seconds(start, end) == 3 * 3600


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2026, 1, 1), PARIS)


@pytest.mark.parametrize(
    "zone", [PARIS, REUNION, ZoneInfo("Pacific/Noumea"), ZoneInfo("Pacific/Tahiti")]
)
@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_end_of_the_calendar_still_has_its_bounds(day: date, zone: ZoneInfo) -> None:
    start, end = day_bounds(day, zone)

    assert start < end
    assert abs(local_day(end, zone) - day) <= timedelta(days=3)
