"""When a phase ends and when an answer is due, over all days of many years."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parvis.privacy import rules
from parvis.privacy.models import RetentionRule, Slip

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(0, 400)
TERMS = st.builds(rules.Term, MONTHS, MONTHS, st.booleans())


@given(DAYS, MONTHS, MONTHS)
def test_months_are_never_shorter_for_who_ended_later(day: date, months: int, more: int):
    later = day + timedelta(days=1)

    assert rules.add_months(day, months) <= rules.add_months(later, months)
    assert rules.add_months(day, months) <= rules.add_months(day, months + more)


def test_a_month_after_the_last_of_january_is_the_last_of_february():
    assert rules.add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert rules.add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert rules.answer_due(date(2026, 12, 31), is_longer=True) == date(2027, 3, 31)


@given(DAYS, st.integers(0, 400))
def test_the_latest_ended_day_is_the_last_whose_months_are_over(today: date, months: int):
    day = rules.latest_ended(today, months)

    assert rules.add_months(day, months) <= today
    assert rules.add_months(day + timedelta(days=1), months) > today


@given(DAYS, TERMS, st.integers(0, 20_000), st.integers(0, 400))
def test_phases_only_go_forward(ended: date, term: rules.Term, days: int, more: int):
    order = [rules.ACTIVE, rules.INTERMEDIATE, rules.ENDED]
    today = ended + timedelta(days=days)

    earlier = rules.phase(ended, term, today)
    later = rules.phase(ended, term, today + timedelta(days=more))

    assert order.index(earlier) <= order.index(later)
    assert rules.phase(None, term, today) == rules.ACTIVE


@given(DAYS, TERMS, st.integers(0, 20_000), st.booleans(), st.integers(-400, 400) | st.none())
def test_nothing_is_proposed_early_on_hold_or_under_a_clock(
    ended: date, term: rules.Term, days: int, is_held: bool, falls: int | None
):
    today = ended + timedelta(days=days)
    falls_on = None if falls is None else today + timedelta(days=falls)

    proposed = rules.may_be_proposed(
        ended_on=ended, term=term, today=today, is_held=is_held, clock_falls_on=falls_on
    )

    if proposed:
        assert term.is_confirmed
        assert not is_held
        assert falls_on is None or falls_on < today
        assert today >= rules.ends_all(ended, term) >= rules.ends_active(ended, term)


@given(st.integers(2, 50), st.integers(1, 500))
def test_a_sample_is_the_share_that_was_said(one_in: int, count: int):
    kept = sum(rules.goes_to_archives(rules.SAMPLE, place, one_in) for place in range(1, count + 1))

    assert kept == count // one_in
    assert not rules.goes_to_archives(rules.DESTROY, one_in, one_in)
    assert rules.goes_to_archives(rules.TRANSFER, 1, one_in)


def test_a_rule_is_checked_for_a_year():
    assert rules.is_confirmed(date(2026, 1, 1), date(2026, 12, 31))
    assert not rules.is_confirmed(date(2024, 1, 1), date(2026, 1, 1))
    assert not rules.is_confirmed(None, date(2026, 1, 1))
    assert not rules.is_confirmed(date(2026, 1, 2), date(2026, 1, 1))


def test_the_tables_know_the_states_of_the_rules():
    assert set(Slip.State.values) == set(rules.MOVES)
    assert set(RetentionRule.Final.values) == {rules.DESTROY, rules.SAMPLE, rules.TRANSFER}
    assert not any(rules.may_move(rules.DONE, state) for state in rules.MOVES)
