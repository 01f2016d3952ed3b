"""The decisions of the hall, without a database."""

import random
from collections import deque
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.queue import rules
from parvis.queue.models import Ticket

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LIMIT = timedelta(minutes=20)
minutes = st.integers(0, 600).map(lambda n: NINE + timedelta(minutes=n))


def rank(arrival: datetime, priority: bool) -> datetime:
    return rules.rank_at(arrival, fairness=LIMIT, has_priority=priority)


# States


def test_rules_and_table_name_the_same_states():
    assert set(Ticket.State.values) == rules.STATES


def test_every_move_goes_from_states_to_a_state():
    for move in rules.MOVES.values():
        assert move.sources <= rules.STATES
        assert move.target in rules.STATES


def test_from_an_ended_ticket_one_only_comes_back_and_never_from_a_finished_one():
    ended = {rules.DONE, rules.NO_SHOW, rules.LEFT}

    left = {kind for kind, move in rules.MOVES.items() if move.sources & ended}

    assert left == {"came_back"}
    assert not rules.may("came_back", rules.DONE)


@pytest.mark.parametrize("state", sorted(rules.STATES - {rules.DONE, rules.NO_SHOW, rules.LEFT}))
def test_every_open_ticket_can_still_end(state):
    assert any(rules.may(kind, state) for kind in ("finished", "left", "transferred"))


def test_the_names_of_events_fit_their_column():
    assert max(map(len, rules.EVENTS)) <= 12


@pytest.mark.parametrize(
    ("kind", "state", "allowed"),
    [
        ("called", "waiting", True),
        ("called", "called", False),
        ("called", "done", False),
        ("recalled", "called", True),
        ("recalled", "serving", False),
        ("started", "called", True),
        ("held", "serving", True),
        ("resumed", "held", True),
        ("resumed", "waiting", False),
        ("no_show", "called", True),
        ("no_show", "serving", False),
        ("left", "waiting", True),
        ("left", "serving", False),
        ("finished", "waiting", False),
        ("finished", "held", True),
        ("transferred", "done", False),
    ],
)
def test_allowed_moves(kind, state, allowed):
    assert rules.may(kind, state) is allowed


# The order of the line


def test_a_priority_counts_as_having_come_earlier():
    assert rank(NINE, priority=True) == NINE - LIMIT


@given(first=minutes, second=minutes, priority_of_second=st.booleans())
def test_nobody_is_overtaken_by_somebody_who_came_more_than_the_limit_later(
    first, second, priority_of_second
):
    if second - first > LIMIT:
        assert rank(first, priority=False) < rank(second, priority_of_second)


@given(first=minutes, second=minutes, priority=st.booleans())
def test_among_equals_who_came_first_goes_first(first, second, priority):
    assert (rank(first, priority) < rank(second, priority)) is (first < second)


@given(arrival=minutes)
def test_a_priority_goes_before_who_came_at_the_same_time(arrival):
    assert rank(arrival, priority=True) < rank(arrival, priority=False)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_ten_thousand_tickets_keep_the_fairness_limit(share):
    draw = random.Random(20261124)
    arrivals, now = [], NINE
    for number in range(10_000):
        now += timedelta(seconds=draw.expovariate(1 / 60))
        arrivals.append((rank(now, draw.random() < share), number, now))

    order = _serve(arrivals, draw)

    oldest_after = datetime.max.replace(tzinfo=UTC)
    worst = timedelta()
    for arrival in reversed(order):  # everybody called later must not have come much earlier
        worst = max(worst, arrival - oldest_after)
        oldest_after = min(oldest_after, arrival)
    assert len(order) == 10_000
    assert timedelta() < worst <= LIMIT


def _serve(arrivals: list[tuple[datetime, int, datetime]], draw: random.Random) -> list[datetime]:
    coming, line, order, free_at = deque(arrivals), [], [], NINE
    while coming or line:
        while coming and (not line or coming[0][2] <= free_at):
            line.append(coming.popleft())
            free_at = max(free_at, line[0][2]) if len(line) == 1 else free_at
        chosen = min(line)
        line.remove(chosen)
        order.append(chosen[2])
        free_at += timedelta(seconds=draw.expovariate(1 / 57))
    return order


def test_over_the_night_of_the_clock_change_the_order_is_that_of_arrival():
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2026, 10, 25, 2, 50, tzinfo=paris, fold=0).astimezone(UTC)
    second = datetime(2026, 10, 25, 2, 10, tzinfo=paris, fold=1).astimezone(UTC)

    assert rank(first, priority=False) < rank(second, priority=False)


@pytest.mark.parametrize(
    ("priority", "reserved", "because"),
    [("", False, "arrival"), ("card", False, "priority"), ("card", True, "reserved")],
)
def test_why_somebody_is_called(priority, reserved, because):
    why = rules.why_called(issued_at=NINE, priority=priority, is_reserved=reserved)

    assert (why.because, why.since) == (because, NINE)


# Time


@pytest.mark.parametrize(
    ("seconds", "undoable"), [(0, True), (10, True), (10.1, False), (-5, True)]
)
def test_a_slip_is_taken_back_within_ten_seconds(seconds, undoable):
    assert rules.is_undoable(NINE, now=NINE + timedelta(seconds=seconds)) is undoable


@given(now=minutes, earlier=st.lists(st.none() | minutes))
def test_what_is_written_down_is_never_before_what_was_written(now, earlier):
    written = rules.not_before(now, *earlier)

    assert written >= now
    assert all(moment is None or written >= moment for moment in earlier)


def test_the_last_standing_act_skips_what_was_taken_back():
    call, finish = rules.Happened(1, "called"), rules.Happened(2, "finished")
    undone = rules.Happened(3, "undone", undoes=2)

    assert rules.last_standing([undone, call, finish]) == call
    assert rules.last_standing([]) is None


# Aloud


@pytest.mark.parametrize(("code", "aloud"), [("E\u00a042", "E 4 2"), ("AB 105", "A B 1 0 5")])
def test_codes_are_read_sign_by_sign(code, aloud):
    assert rules.spoken(code) == aloud
