from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.departments.models import Question, Round
from parvis.departments.rules import questions as rules
from parvis.departments.rules import rounds

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PEOPLE = st.dictionaries(
    st.sampled_from(rules.STEPS), st.lists(st.integers(1, 9), max_size=3), max_size=4
)


def test_states_and_labels_name_the_same():
    assert set(rules.MOVES) == set(Question.State.values)
    assert set(rules.STEPS) == set(Question.Step.values)
    assert {rounds.PLANNED, rounds.DONE, rounds.POSTPONED, rounds.CANCELLED} == set(
        Round.State.values
    )


@given(PEOPLE, st.sets(st.integers(1, 9)))
def test_a_question_is_always_with_somebody_present_or_with_the_head(people, absent):
    done: set[str] = set()
    for _n in range(len(rules.STEPS)):
        turn = rules.next_turn(done, people, absent)
        if turn is None:
            break
        heads = people.get(rules.HEAD_OF_RECEPTION) or [None]
        is_head = turn.step == rules.HEAD_OF_RECEPTION and turn.holder == heads[0]
        assert is_head or (turn.holder is not None and turn.holder not in absent)
        taken = {turn.step, *turn.passed_over}
        assert not taken & done  # never twice the same step
        done |= taken
    assert rules.next_turn(set(rules.STEPS), people, absent) is None


@given(PEOPLE, st.sets(st.integers(1, 9)))
def test_steps_are_taken_in_their_order(people, absent):
    done: list[str] = []
    while (turn := rules.next_turn(done, people, absent)) is not None:
        done += [*turn.passed_over, turn.step]
    assert done == [step for step in rules.STEPS if step in done]


def test_a_liaison_who_is_out_is_passed_over():
    people = {rules.LIAISON: [1], rules.DEPUTY: [2], rules.HEAD_OF_RECEPTION: [4]}
    assert rules.next_turn((), people, {1}) == rules.Turn(rules.DEPUTY, 2, (rules.LIAISON,))


def test_with_a_visitor_minutes_count_and_without_the_hours_of_the_house():
    promise = rules.Promise(present_minutes=6, present_step_minutes=3, hours=2, step_hours=1)
    open_until = [(NOON - HOUR, NOON + HOUR), (NOON + 20 * HOUR, NOON + 30 * HOUR)]
    present = rules.times(promise, visitor_present=True, start=NOON, stretches=[])
    assert present.due_at == NOON + timedelta(minutes=6)
    assert present.step_due_at == NOON + timedelta(minutes=3)
    absent = rules.times(promise, visitor_present=False, start=NOON, stretches=open_until)
    assert absent.step_due_at == NOON + HOUR
    assert absent.due_at == NOON + 21 * HOUR  # one hour today, one tomorrow morning


@given(
    st.lists(st.integers(0, 200), min_size=2, max_size=12, unique=True).map(sorted),
    st.integers(1, 60),
)
def test_open_time_never_runs_while_the_house_is_closed(marks, amount):
    at = [NOON + timedelta(minutes=mark) for mark in marks]
    stretches = list(zip(at[::2], at[1::2], strict=False))
    due = rules.after_open_time(NOON, timedelta(minutes=amount), stretches)
    passed = sum((min(due, end) - min(due, start) for start, end in stretches), timedelta())
    assert due >= NOON + timedelta(minutes=amount)
    if due <= stretches[-1][1]:
        assert passed == timedelta(minutes=amount)


@pytest.mark.parametrize("numbers", [(0, 1, 1, 1), (1, 1, 0, 1)])
def test_a_promise_takes_some_time(numbers):
    with pytest.raises(ValueError, match="takes some time"):
        rules.Promise(*numbers)


def test_an_answer_after_the_visitor_left_is_too_late_for_them():
    def state(left, present=True):
        return rules.state_of_answer(visitor_present=present, visitor_left_at=left, now=NOON)

    assert state(NOON - HOUR) == rules.LATE
    assert state(None) == rules.ANSWERED
    assert state(NOON - HOUR, present=False) == rules.ANSWERED


def test_the_same_question_in_other_words_is_known_again():
    known = [(1, ["livret", "famill", "photo", "cart"]), (2, ["piscin", "tarif"])]
    assert rules.most_alike(["photo", "cart", "livret"], known) == [1]
    assert rules.most_alike(["tarif", "cantin", "famill"], known) == []
    assert rules.most_alike([], known) == []


@given(st.sets(st.text("abc", min_size=1)), st.sets(st.text("abc", min_size=1)))
def test_likeness_is_mutual_and_between_nothing_and_all(one, other):
    score = rules.likeness(one, other)
    assert 0 <= score <= 1
    assert score == rules.likeness(other, one)
    assert rules.likeness(one, one) == (1.0 if one else 0.0)


def test_a_round_closes_with_minutes_and_a_change_or_with_nothing_new():
    assert rounds.may_close(minutes="Vu.", drafts=1, nothing_new=False)
    assert rounds.may_close(minutes="Vu.", drafts=0, nothing_new=True)
    assert not rounds.may_close(minutes="Vu.", drafts=0, nothing_new=False)
    assert not rounds.may_close(minutes="  ", drafts=1, nothing_new=True)


def test_a_department_not_seen_for_a_season_is_long_ago():
    today = date(2026, 11, 24)
    assert rounds.is_long_ago(None, today)
    assert rounds.is_long_ago(date(2026, 6, 1), today)
    assert not rounds.is_long_ago(date(2026, 10, 1), today)
