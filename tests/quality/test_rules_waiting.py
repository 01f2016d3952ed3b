from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.quality.rules.legs import Leg, LegEnd
from parvis.quality.rules.service import Doubt, service_time
from parvis.quality.rules.waiting import WaitingTime, waiting_time, waits_by_hour

PARIS = ZoneInfo("Europe/Paris")
NINE = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
EVENING = NINE + timedelta(hours=8)
TARGET = 600.0
NUMBERS = count(1)


def minutes(value: float) -> timedelta:
    return timedelta(minutes=value)


def served(wait: float, service: float = 5, joined: datetime = NINE) -> Leg:
    start = joined + minutes(wait)
    return Leg(
        ticket=next(NUMBERS),
        topic="civil",
        joined_at=joined,
        end=LegEnd.SERVED,
        called_at=joined + minutes(wait * 0.75),
        started_at=start,
        ended_at=start + minutes(service),
        calls=1,
    )


def gone(wait: float, end: LegEnd = LegEnd.LEFT, calls: int = 0) -> Leg:
    ended = NINE + minutes(wait)
    return Leg(next(NUMBERS), "civil", NINE, end, ended_at=ended, calls=calls)


def waiting(joined: datetime = NINE) -> Leg:
    return Leg(next(NUMBERS), "civil", joined, LegEnd.OPEN)


def measured(*legs: Leg) -> WaitingTime:
    return waiting_time(legs, target_seconds=TARGET, now=EVENING)


def test_waits_are_reported_by_median_ninth_in_ten_and_longest() -> None:
    result = measured(*[served(wait) for wait in (0, 2, 3, 5, 8, 13, 21)])

    assert result.median.value == 5 * 60
    assert result.long.value == pytest.approx(16.2 * 60)
    assert result.median.detail["max"] == 21 * 60
    assert result.median.detail["mean"] == pytest.approx(52 / 7 * 60)
    assert result.median.few


def test_the_wait_splits_into_call_and_walk() -> None:
    result = measured(*[served(8) for _ in range(5)])

    assert (result.median.value, result.call.value, result.walking.value) == (480, 360, 120)


def test_whoever_gave_up_was_not_attended_within_the_target() -> None:
    result = measured(*[served(wait) for wait in (1, 4, 10, 11)], gone(3), gone(20))

    assert (result.on_target.numerator, result.on_target.denominator) == (3, 6)
    assert result.on_target.detail["abandoned"] == 2
    assert result.median.excluded["abandoned"] == 2


def test_the_corrected_median_counts_who_left() -> None:
    legs = [served(wait) for wait in (4, 6, 9, 12, 20)] + [gone(wait) for wait in (5, 10, 15)]
    result = measured(*legs)

    assert result.median.value == 9 * 60
    assert result.median.detail["km_p50"] == 12 * 60
    assert result.median.detail["censored"] == 3


def test_whoever_waits_beyond_the_target_already_counts_against_it() -> None:
    legs = [*[served(1) for _ in range(5)], waiting(), waiting(EVENING - minutes(2))]
    result = measured(*legs)

    assert (result.on_target.numerator, result.on_target.denominator) == (5, 6)
    assert result.on_target.excluded["still_waiting"] == 1
    assert result.median.excluded["still_waiting"] == 2


def test_abandonment_is_leaving_or_not_coming_after_two_calls() -> None:
    absent_once = gone(4, LegEnd.NO_SHOW, calls=1)
    absent_twice = gone(6, LegEnd.NO_SHOW, calls=2)
    result = measured(*[served(1) for _ in range(7)], gone(8), absent_once, absent_twice)

    assert (result.abandonment.numerator, result.abandonment.denominator) == (2, 10)
    assert result.on_target.excluded["absent_after_one_call"] == 1


def test_the_wait_at_abandonment_is_shown_from_five_on() -> None:
    four = measured(*[gone(wait) for wait in (2, 4, 6, 8)], served(1))
    five = measured(*[gone(wait) for wait in (2, 4, 6, 8, 10)], served(1))

    assert four.abandonment.detail == {}
    assert five.abandonment.detail["wait_p50"] == 360


def transferred() -> tuple[Leg, Leg]:
    first = served(3, service=4)
    again = served(5, service=10, joined=NINE + minutes(7))
    return first, replace(again, ticket=first.ticket, number=2)


def test_a_transfer_restarts_a_leg_and_never_the_total() -> None:
    legs = [leg for _ in range(5) for leg in transferred()]
    result = measured(*legs)

    assert (result.median.value, result.transfer.value) == (180, 300)
    assert result.in_building.value == 22 * 60
    assert result.abandonment.denominator == 5


def test_leaving_after_a_transfer_is_one_abandoned_ticket() -> None:
    first, again = transferred()
    left = replace(again, end=LegEnd.LEFT, started_at=None, called_at=None)
    result = measured(first, left, *[served(1) for _ in range(4)])

    assert (result.abandonment.numerator, result.abandonment.denominator) == (1, 5)


def test_an_appointment_gives_three_figures_apart() -> None:
    early = replace(served(15), appointment_at=NINE + minutes(10))
    late = replace(served(4), appointment_at=NINE - minutes(6))
    result = measured(*[early] * 3, *[late] * 2)

    assert result.appointment.value == 300  # 5 min after the slot, 4 min after a late arrival
    assert result.appointment.detail["max"] == 300
    assert result.early.detail["max"] == 600
    assert result.late.detail["max"] == 360
    assert result.on_target.excluded["with_appointment"] == 5
    assert result.on_target.denominator == 0


def test_a_row_that_contradicts_itself_is_excluded_and_counted() -> None:
    backwards = replace(served(5), started_at=NINE - minutes(1))
    unfinished = replace(served(5), started_at=None)
    result = measured(backwards, unfinished, *[served(1) for _ in range(5)])

    assert result.on_target.excluded["inconsistent"] == 2
    assert result.on_target.denominator == 5
    assert result.in_building.denominator == 5


def test_each_site_is_held_to_its_own_target() -> None:
    strict = [replace(served(8), target_seconds=300.0) for _ in range(3)]
    result = measured(*strict, *[served(8) for _ in range(3)])

    assert (result.on_target.numerator, result.on_target.denominator) == (3, 6)


def test_an_empty_hall_gives_hidden_measures() -> None:
    assert all(measure.hidden for measure in measured().measures)


def test_a_wait_across_the_autumn_night_is_counted_as_it_was_lived() -> None:
    joined = datetime(2026, 10, 25, 1, 50, tzinfo=PARIS)
    start = datetime(2026, 10, 25, 3, 0, tzinfo=PARIS)
    leg = replace(
        served(1), joined_at=joined, called_at=start, started_at=start, ended_at=start + minutes(5)
    )

    assert measured(*[leg] * 5).median.value == 130 * 60


def test_waits_are_told_by_weekday_and_hour_of_the_place() -> None:
    legs = [served(wait) for wait in (1, 2, 3, 4, 5)] + [served(9, joined=NINE + minutes(65))]

    many, lonely = waits_by_hour(legs, PARIS)

    assert (many.weekday, many.hour, many.people, many.p50) == (1, 9, 5, 180)
    assert (lonely.hour, lonely.people, lonely.p50) == (10, 1, None)


def test_a_service_of_a_few_seconds_is_put_aside_to_be_checked() -> None:
    slip = served(1, service=0.2)
    result = service_time([slip, *[served(1, service=6) for _ in range(5)]])

    assert (result.measure.value, result.measure.denominator) == (360, 5)
    assert result.measure.excluded == {"too_short": 1, "too_long": 0}
    (aside,) = result.to_check
    assert (aside.ticket, aside.seconds, aside.doubt) == (slip.ticket, 12, Doubt.TOO_SHORT)


def test_a_service_of_hours_is_put_aside_once_its_topic_is_well_known() -> None:
    usual = [served(1, service=5 + n % 7) for n in range(300)]

    few = service_time([*usual[:100], served(1, service=240)])
    many = service_time([*usual, served(1, service=240)])

    assert few.to_check == ()
    assert [one.doubt for one in many.to_check] == [Doubt.TOO_LONG]


LEGS = st.builds(
    lambda wait, end, calls: (
        served(wait)
        if end is LegEnd.SERVED
        else (waiting() if end is LegEnd.OPEN else gone(wait, end, calls))
    ),
    st.integers(0, 90),
    st.sampled_from(LegEnd),
    st.integers(0, 3),
)


@given(st.lists(LEGS, max_size=40))
def test_everybody_who_joined_is_counted_or_excluded(legs: list[Leg]) -> None:
    result = measured(*legs)

    target = result.on_target
    assert target.denominator + sum(target.excluded.values()) == len(legs)
    assert result.median.denominator + sum(result.median.excluded.values()) == len(legs)
    assert result.abandonment.denominator == len(legs)
    if not result.median.hidden:
        assert result.median.value is not None
        assert result.long.value is not None
        assert result.median.value <= result.long.value


def test_a_month_of_a_large_town_takes_no_time() -> None:
    legs = [served(n % 37, service=3 + n % 11) for n in range(20_000)]

    begun = perf_counter()
    measured(*legs)
    service_time(legs)

    assert perf_counter() - begun < 5  # about 0.2 s; only guards against a quadratic walk
