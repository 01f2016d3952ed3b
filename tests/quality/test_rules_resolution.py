from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.quality.rules.resolution import (
    ContactRow,
    Period,
    Standing,
    judge,
    resolution,
)

PARIS = ZoneInfo("Europe/Paris")
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), date(2026, 3, 31))


def contact(person: str | None, family: str, day: int, hour: int = 10) -> ContactRow:
    at = datetime(2026, 3, day, hour, tzinfo=PARIS)
    return ContactRow(at=at, person=person, family=family, declared=True)


GOLDEN = [
    contact("A", "civil", 1),
    contact("A", "civil", 5),
    contact("B", "civil", 1),
    replace(contact("C", "social", 2), declared=False),
    contact("D", "urban", 3),
    contact("D", "urban", 20),
    replace(contact("E", "civil", 4, hour=9), human=False),
    contact("E", "civil", 4, hour=15),
    contact("F", "family", 6),
    contact("F", "social", 8),
    contact(None, "civil", 7),
    contact("G", "civil", 28),
]


def test_the_worked_example_gives_ten_of_eleven_declared_and_four_of_seven_net() -> None:
    result = resolution(GOLDEN, MARCH, PARIS)

    assert (result.declared.numerator, result.declared.denominator) == (10, 11)
    assert result.declared.value == pytest.approx(0.909, abs=0.0005)
    assert (result.net.numerator, result.net.denominator) == (4, 7)
    assert result.net.value == pytest.approx(0.571, abs=0.0005)
    assert result.net.excluded == {
        "repeat": 2,
        "unlinkable": 1,
        "not_resolvable": 0,
        "censored": 2,
    }


def test_the_worked_example_gives_the_other_variants_and_the_gap() -> None:
    result = resolution(GOLDEN, MARCH, PARIS)

    assert (result.not_repeated.numerator, result.not_repeated.denominator) == (5, 7)
    assert result.gap.value == pytest.approx(10 / 11 - 4 / 7)
    assert result.gap.detail == {"false_solved": 2, "said_solved": 6}
    assert (result.link_rate.numerator, result.link_rate.denominator) == (11, 12)
    assert (result.repeat_rate.numerator, result.repeat_rate.denominator) == (2, 11)
    assert result.net.detail["upper_bound"] == 0


def test_the_worked_example_in_any_order_judges_each_contact_alike() -> None:
    judged = judge(reversed(GOLDEN), MARCH, PARIS)
    standings = {
        (one.contact.person, one.contact.at.day, one.contact.at.hour): one.standing
        for one in judged
    }

    assert standings["D", 20, 10] is Standing.CENSORED
    assert standings["G", 28, 10] is Standing.CENSORED
    assert standings["E", 4, 9] is Standing.ELIGIBLE
    assert standings["E", 4, 15] is Standing.REPEAT
    assert standings[None, 7, 10] is Standing.UNLINKABLE


@pytest.mark.parametrize(
    ("days", "came_back", "second"),
    [(14, True, Standing.REPEAT), (15, False, Standing.ELIGIBLE)],
)
def test_coming_back_on_the_last_day_of_the_window_is_a_repeat(
    days: int, came_back: bool, second: Standing
) -> None:
    first = contact("A", "civil", 1, hour=16)
    again = replace(first, at=first.at + timedelta(days=days, hours=2))
    judged = judge([first, again], replace(MARCH, cut_off=date(2026, 4, 30)), PARIS)

    assert [one.came_back for one in judged] == [came_back, False]
    assert judged[1].standing is second


def test_a_contact_is_known_once_its_window_has_passed() -> None:
    known, unknown = contact("A", "civil", 17), contact("B", "civil", 18)

    standings = [one.standing for one in judge([known, unknown], MARCH, PARIS)]

    assert standings == [Standing.ELIGIBLE, Standing.CENSORED]


def test_a_topic_may_have_a_longer_window() -> None:
    permit = replace(contact("A", "urban", 1), window_days=30)
    again = replace(permit, at=permit.at + timedelta(days=30))
    period = replace(MARCH, cut_off=date(2026, 4, 30))

    first, _ = judge([permit, again], period, PARIS)

    assert (first.standing, first.came_back) == (Standing.ELIGIBLE, True)


def test_contacts_before_the_period_are_looked_at_but_not_judged() -> None:
    before = replace(contact("A", "civil", 1), at=datetime(2026, 2, 20, 10, tzinfo=PARIS))
    (judged,) = judge([before, contact("A", "civil", 2)], MARCH, PARIS)

    assert judged.standing is Standing.REPEAT


def test_a_return_after_the_period_counts_against_it() -> None:
    later = replace(contact("A", "civil", 1), at=datetime(2026, 4, 2, 10, tzinfo=PARIS))
    period = replace(MARCH, cut_off=date(2026, 4, 30))
    (judged,) = judge([contact("A", "civil", 25), later], period, PARIS)

    assert (judged.standing, judged.came_back) == (Standing.ELIGIBLE, True)


def test_a_mere_drop_off_is_excluded_and_counted() -> None:
    drop_off = replace(contact("A", "civil", 1), resolvable=False)

    assert resolution([drop_off], MARCH, PARIS).net.excluded["not_resolvable"] == 1


def test_days_are_those_of_the_place() -> None:
    # 23:30 UTC on 28 February is already 1 March in Paris.
    night = replace(contact("A", "civil", 1), at=datetime(2026, 2, 28, 23, 30, tzinfo=UTC))

    assert len(judge([night], MARCH, PARIS)) == 1
    assert judge([night], MARCH, ZoneInfo("UTC")) == []


def test_confirmation_counts_the_answers_of_people() -> None:
    answers = [True, True, True, True, False, None]
    rows = [
        replace(contact(f"P{n}", "civil", 1), confirmed=answer) for n, answer in enumerate(answers)
    ]
    repeat = replace(contact("P0", "civil", 3), confirmed=True)
    confirmed = resolution([*rows, repeat], MARCH, PARIS).confirmed

    assert (confirmed.numerator, confirmed.denominator) == (4, 5)
    assert confirmed.excluded == {"repeat": 1, "no_answer": 1}


def test_few_links_make_the_net_rate_an_upper_bound() -> None:
    rows = [contact(None, "civil", 1) for _ in range(10)]
    rows += [contact(f"P{n}", "civil", 1) for n in range(5)]

    assert resolution(rows, MARCH, PARIS).net.detail["upper_bound"] == 1


def test_nothing_gives_hidden_measures_and_no_error() -> None:
    assert all(measure.hidden for measure in resolution([], MARCH, PARIS).measures)


ROWS = st.builds(
    lambda person, family, hours, declared, resolvable, window: ContactRow(
        at=datetime(2026, 2, 10, tzinfo=UTC) + timedelta(hours=hours),
        person=person,
        family=family,
        declared=declared,
        resolvable=resolvable,
        window_days=window,
    ),
    st.none() | st.sampled_from("ABC"),
    st.sampled_from(["civil", "urban"]),
    st.integers(0, 24 * 60),
    st.booleans(),
    st.booleans(),
    st.sampled_from([7, 14, 30]),
)


@given(st.lists(ROWS, max_size=40, unique_by=lambda row: row.at))
def test_every_contact_of_the_period_has_one_standing(rows: list[ContactRow]) -> None:
    result = resolution(rows, MARCH, PARIS)
    in_period = [
        row for row in rows if MARCH.first <= row.at.astimezone(PARIS).date() <= MARCH.last
    ]

    assert result.net.denominator + sum(result.net.excluded.values()) == len(in_period)
    assert result.link_rate.denominator == len(in_period)
    if not result.net.hidden:
        assert result.net.numerator is not None
        assert result.not_repeated.numerator is not None
        assert result.net.numerator <= result.not_repeated.numerator


@given(st.lists(ROWS, max_size=25, unique_by=lambda row: row.at))
def test_the_fast_judgement_agrees_with_the_plain_definition(rows: list[ContactRow]) -> None:
    def day(row: ContactRow) -> date:
        return row.at.astimezone(PARIS).date()

    def repeats(later: ContactRow, earlier: ContactRow) -> bool:
        return (
            later.person is not None
            and (later.person, later.family) == (earlier.person, earlier.family)
            and earlier.at < later.at
            and (day(later) - day(earlier)).days <= earlier.window_days
            and day(later) <= MARCH.cut_off
        )

    for one in judge(rows, MARCH, PARIS):
        is_repeat = any(repeats(one.contact, other) for other in rows)
        assert (one.standing is Standing.REPEAT) == is_repeat
        assert one.came_back == any(repeats(other, one.contact) for other in rows)


def test_a_month_of_a_large_town_takes_no_time() -> None:
    start = datetime(2026, 1, 1, 8, tzinfo=UTC)
    rows = [
        ContactRow(
            at=start + timedelta(seconds=800 * n),
            person=n * 7_919 % 60_000,
            family=n % 14,
            declared=n % 4 > 0,
        )
        for n in range(35_000)
    ]
    year = Period(date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31))

    begun = perf_counter()
    resolution(rows, year, PARIS)

    assert perf_counter() - begun < 5  # about 0.2 s; only guards against a quadratic walk
