from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.quality.rules.heat import (
    HALF_HOUR,
    HalfHour,
    Place,
    crowd_steps,
    days_of,
    heat_map,
    level,
    wait_steps,
)

PARIS = ZoneInfo("Europe/Paris")
MONDAY_HALF_PAST_NINE = Place(0, 19)


def came(
    day: int, hour: int, minute: int = 0, *waits: int, gone: int = 0, month: int = 3
) -> HalfHour:
    moment = datetime(2026, month, day, hour, minute, tzinfo=PARIS)
    return HalfHour(int(moment.timestamp()) // HALF_HOUR, len(waits) + gone, gone, waits)


def test_a_cell_gathers_the_same_half_hour_of_every_such_weekday() -> None:
    found = heat_map(
        [came(2, 9, 30, 60, 120, 180), came(9, 9, 30, 240, 300, gone=1), came(9, 10)], PARIS
    )
    cell = found.cells[MONDAY_HALF_PAST_NINE]
    assert (cell.people, cell.days, cell.gone) == (6, 2, 1)
    assert cell.p50 == 180
    assert cell.per_day == 3
    assert found.weekdays == (0,)
    assert found.half_hours == (19, 20)


def test_fewer_than_five_waits_are_never_shown() -> None:
    cell = heat_map([came(2, 9, 30, 60, 120, 180, 240)], PARIS).cells[MONDAY_HALF_PAST_NINE]
    assert (cell.p50, cell.p90, cell.gone_share) == (None, None, None)


def test_who_gave_up_is_a_share_of_who_came() -> None:
    cell = heat_map([came(2, 9, 30, 1, 2, 3, 4, gone=1)], PARIS).cells[MONDAY_HALF_PAST_NINE]
    assert cell.gone_share == 0.2


def test_summer_and_winter_time_are_those_of_the_clocks_of_the_place() -> None:
    # The clocks go forward on Sunday 29 March 2026.
    found = heat_map([came(23, 9, 30, 5), came(30, 9, 30, 5)], PARIS)
    assert set(found.cells) == {MONDAY_HALF_PAST_NINE}


def test_the_hour_that_happens_twice_is_one_day() -> None:
    # 25 October 2026: 2:30 comes twice.
    first = int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()) // HALF_HOUR
    twice = [HalfHour(first, 1, 0, (60,)), HalfHour(first + 2, 2, 0, (60, 60))]
    (day,) = days_of(twice, Place(6, 5), PARIS)
    assert (day.day, day.people) == (date(2026, 10, 25), 3)


def test_the_days_behind_a_cell_come_latest_first() -> None:
    days = days_of(
        [came(2, 9, 30, 60), came(9, 9, 30, 60), came(9, 11, 0, 60)], MONDAY_HALF_PAST_NINE, PARIS
    )
    assert [one.day.day for one in days] == [9, 2]


def test_a_shade_tells_how_far_beyond_the_goal() -> None:
    steps = wait_steps(600)
    assert [level(minutes * 60, steps) for minutes in (5, 10, 11, 16, 21)] == [0, 1, 2, 3, 4]
    assert [level(value, crowd_steps([10, 5])) for value in (0, 5, 10)] == [0, 2, 4]


@pytest.mark.parametrize(
    ("goal", "minutes"), [(0, [1]), (1, [1, 2]), (2, [1, 2, 3, 4]), (5, [3, 5, 8, 10])]
)
def test_no_two_shades_of_waits_are_the_same_minute(goal: int, minutes: list[int]) -> None:
    assert [step / 60 for step in wait_steps(goal * 60)] == minutes


def test_an_empty_period_has_an_empty_map() -> None:
    assert heat_map([], PARIS).cells == {}
    assert crowd_steps([]) == (0, 0, 0, 0)


@given(
    st.lists(
        st.builds(
            HalfHour,
            st.integers(980_000, 1_000_000),
            st.just(3),
            st.just(1),
            st.tuples(st.integers(0, 9000), st.integers(0, 9000)),
        ),
        max_size=60,
    )
)
def test_nobody_is_lost_or_counted_twice(half_hours: list[HalfHour]) -> None:
    cells = heat_map(half_hours, PARIS).cells.values()
    assert sum(cell.people for cell in cells) == 3 * len(half_hours)
    assert sum(cell.gone for cell in cells) == len(half_hours)
    assert all(cell.p50 is None or cell.p50 <= (cell.p90 or 0) for cell in cells)
