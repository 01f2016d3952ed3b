from datetime import date

import pytest

from parvis.common.calendar import WorkingCalendar
from parvis.quality.rules.charts import Waits, hour_chart, multiple
from parvis.quality.rules.goals import Step, in_force, judged
from parvis.quality.rules.intervals import Interval
from parvis.quality.rules.measures import Indicator, Measure, Tally, Unit, Verdict, share_of
from parvis.quality.rules.periods import (
    Days,
    month_of,
    months_until,
    presets,
    waited_longer_than,
)

CSAT = Indicator("CSAT", 1, Unit.SHARE)


def content(successes: int, total: int) -> Measure:
    return share_of(CSAT, Tally(successes, total), excluded={})


def test_a_bar_reaches_from_one_in_two_to_nine_in_ten():
    chart = hour_chart([Waits(10, 40, 300, 900), Waits(11, 40, 60, 300)], 10)

    late, calm = chart.bars
    assert (late.p50, late.p90, late.is_late) == (5, 15, True)
    assert late.top < late.point
    assert late.top + late.height == pytest.approx(late.point, abs=0.2)
    assert not calm.is_late
    assert [tick.value for tick in chart.ticks if tick.is_goal] == [10]
    assert len({tick.value for tick in chart.ticks}) == len(chart.ticks)


def test_an_hour_with_too_few_people_has_no_bar():
    (bar,) = hour_chart([Waits(10, 3, None, None)], 10).bars

    assert (bar.p50, bar.height) == (None, 0)


def test_sites_with_different_goals_share_no_line():
    chart = hour_chart([Waits(10, 40, 300, 900)], None)

    assert not any(tick.is_goal for tick in chart.ticks)
    assert not chart.bars[0].is_late


def test_the_scale_of_a_year_holds_every_interval_and_the_goal():
    months = [content(45, 50), content(2, 4), content(30, 50)]

    drawing = multiple(months, 0.9)

    assert drawing.floor <= 0.46
    assert drawing.ceiling >= 0.95
    assert drawing.goal is not None
    assert [point.point is None for point in drawing.points] == [False, True, False]


def test_a_year_with_nothing_to_show_still_has_a_scale():
    assert multiple([content(0, 0)], None).ceiling == 1


def test_durations_begin_at_nothing():
    wait = Measure(
        "WAIT-P90", 1, 700, Unit.SECONDS, None, 50, Interval(600, 800), {}, False, False, {}
    )

    assert (multiple([wait], None).floor, multiple([wait], None).ceiling) == (0, 900)


def test_the_last_goal_decided_until_that_day_holds():
    steps = [
        Step("CSAT", date(2026, 3, 1), 0.9),
        Step("CSAT", date(2026, 5, 1), None),
        Step("FCR-N", date(2026, 4, 1), 0.6),
    ]

    assert in_force(steps, date(2026, 2, 28)) == {}
    assert in_force(steps, date(2026, 4, 30)) == {"CSAT": 0.9, "FCR-N": 0.6}
    assert in_force(steps, date(2026, 5, 1)) == {"FCR-N": 0.6}


def test_giving_up_should_stay_below_its_goal():
    rare = share_of(Indicator("ABANDONMENT", 1, Unit.SHARE), Tally(1, 400), excluded={})

    assert judged(rare, 0.05) is Verdict.KEPT
    assert judged(content(99, 100), 0.05) is Verdict.KEPT
    assert judged(rare, None) is None


def test_twelve_months_end_today_and_begin_a_year_ago():
    months = months_until(date(2026, 3, 15))

    assert months[0] == Days(date(2025, 4, 1), date(2025, 4, 30))
    assert months[-1] == Days(date(2026, 3, 1), date(2026, 3, 15))
    assert len(months) == 12


def test_no_preset_holds_today():
    today = date(2026, 3, 1)

    assert all(today not in days for days in presets(today).values())
    assert presets(today)["last_month"] == month_of(date(2026, 2, 10))
    assert (presets(today)["year"].last - presets(today)["year"].first).days == 364


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 4, 1), date(2026, 3, 27)),  # Wednesday: since Friday
        (date(2026, 3, 30), date(2026, 3, 25)),  # Monday: since Wednesday
        (date(2026, 4, 7), date(2026, 4, 1)),  # the day after Easter Monday
    ],
)
def test_two_working_days_leave_out_weekends_and_holidays(today: date, day: date):
    assert waited_longer_than(today, 2, WorkingCalendar()) == day
