"""The decisions of the hall, without a database."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.queue import rules
from parvis.queue.models import Ticket

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LIMIT, LATE = timedelta(minutes=20), timedelta(minutes=10)
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


@dataclass(frozen=True)
class Coming:
    """Somebody who comes to the hall of the simulation."""

    at: datetime
    has_priority: bool = False
    booked_at: datetime | None = None

    @property
    def since(self) -> datetime:
        """What the declared rule counts from: the booked hour, unless they come too late for it."""
        is_kept = self.booked_at is not None and self.at <= self.booked_at + LATE
        return self.booked_at if self.booked_at is not None and is_kept else self.at


def by_the_rule(one: Coming) -> datetime:
    return rules.rank_at(
        one.at,
        fairness=LIMIT,
        has_priority=one.has_priority,
        booked_at=one.booked_at,
        late=LATE,
    )


def rights_first(one: Coming) -> datetime:
    """What many queues do: whoever has a right goes first, whenever the others came."""
    return one.at - timedelta(hours=5 if one.has_priority or one.booked_at else 0)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
@pytest.mark.parametrize("booked", [0, 0.05, 0.3, 0.6])
def test_ten_thousand_tickets_keep_the_fairness_limit(share, booked):
    called, worst = _serve(_ten_thousand(share, booked), by_the_rule)

    assert called == 10_000
    assert timedelta() < worst <= LIMIT


@pytest.mark.parametrize(("share", "booked"), [(0.3, 0), (0, 0.3)])
def test_the_same_simulation_sees_an_order_without_a_limit(share, booked):
    _called, worst = _serve(_ten_thousand(share, booked), rights_first)

    assert worst > LIMIT


def _ten_thousand(share: float, booked: float) -> list[Coming]:
    """People with and without a right; who booked comes early, in time or late."""
    draw, now, found = random.Random(20261124), NINE, []
    for _number in range(10_000):
        now += timedelta(seconds=draw.expovariate(1 / 60))
        hour = None
        if draw.random() < booked:
            hour = now + timedelta(minutes=draw.choice([50, 25, 8, 3, 0, -4, -9, -11, -40]))
        found.append(Coming(now, draw.random() < share, hour))
    return found


def _serve(people: list[Coming], rank: Callable[[Coming], datetime]) -> tuple[int, timedelta]:
    """One desk, hardly fast enough; how many it called, and by how much somebody was passed."""
    draw = random.Random(57)
    coming, line, free_at = deque(enumerate(people)), [], NINE
    called, worst = 0, timedelta()
    while coming or line:
        if not line:
            free_at = max(free_at, coming[0][1].at)
        while coming and coming[0][1].at <= free_at:
            number, one = coming.popleft()
            line.append((rank(one), number, one))
        chosen = min(line)
        line.remove(chosen)
        called += 1
        passed = min((one.since for _rank, _number, one in line), default=chosen[2].since)
        worst = max(worst, chosen[2].since - passed)
        free_at += timedelta(seconds=draw.expovariate(1 / 57))
    return called, worst


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
