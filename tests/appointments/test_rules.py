from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from parvis.appointments import rules
from parvis.appointments.models import Appointment
from parvis.common.clock import day_bounds, instant_of

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = date(2026, 11, 24)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the nights on which clocks change
EARLY, LATE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
TWENTY = rules.Need.of_minutes(20)


def hours(opens: str, closes: str, seats: int = 1, weekday: int = 1) -> rules.WeeklyHours:
    start, end = time.fromisoformat(opens), time.fromisoformat(closes)
    return rules.WeeklyHours(weekday, start, end, seats, date(2026, 1, 1))


def open_all_day(day: date = TUESDAY) -> list[tuple[datetime, datetime]]:
    return [day_bounds(day, PARIS)]


def room(*rota: rules.WeeklyHours, day: date = TUESDAY, **more: object) -> dict[int, rules.Room]:
    arguments = {"special": (), "openings": open_all_day(day), "blocked": (), **more}
    return rules.room_of_day(day, PARIS, rota=rota, **arguments)  # type: ignore[arg-type]


def starts(found: dict[int, rules.Room], taken: rules.slots.Taken | None = None) -> list[str]:
    slots = rules.free_slots(found, taken or {}, TWENTY, earliest=EARLY, latest=LATE)
    return [f"{slot.starts_at.astimezone(PARIS):%H:%M}" for slot in slots]


def tick(day: date, hour: int, minute: int = 0) -> int:
    return rules.tick_of(instant_of(day, time(hour, minute), PARIS))


def test_slots_follow_each_other_within_the_rota():
    assert starts(room(hours("09:00", "10:10"))) == ["09:00", "09:20", "09:40"]


def test_nothing_is_offered_while_the_place_is_closed():
    morning = [(instant_of(TUESDAY, time(8), PARIS), instant_of(TUESDAY, time(9, 40), PARIS))]

    assert starts(room(hours("09:00", "12:00"), openings=morning)) == ["09:00", "09:20"]


def test_a_line_of_the_rota_holds_only_on_its_weekday_and_while_it_is_valid():
    old = rules.WeeklyHours(1, time(9), time(10), 1, date(2026, 1, 1), date(2026, 11, 23))

    assert starts(room(hours("09:00", "10:00", weekday=2), old)) == []


def test_a_special_day_replaces_the_weekly_hours():
    special = rules.SpecialHours(TUESDAY, time(14), time(14, 40))
    none = rules.SpecialHours(TUESDAY, None, None)

    assert starts(room(hours("09:00", "12:00"), special=[special])) == ["14:00", "14:20"]
    assert starts(room(hours("09:00", "12:00"), special=[none])) == []


def test_two_lines_of_the_rota_at_once_add_their_places():
    found = room(hours("09:00", "10:00", 2), hours("09:20", "09:40", 1))

    assert [found[tick(TUESDAY, 9, m)].places for m in (0, 20, 40)] == [2, 3, 2]


def test_blocked_time_takes_out_all_places_or_some():
    at_nine = instant_of(TUESDAY, time(9), PARIS)
    hour = timedelta(hours=1)
    whole = room(hours("09:00", "10:20"), blocked=[rules.Blocked(at_nine, at_nine + hour)])
    one = room(hours("09:00", "10:20", 2), blocked=[rules.Blocked(at_nine, at_nine + hour, 1)])

    assert starts(whole) == ["10:00"]
    assert rules.free_slots(one, {}, TWENTY, earliest=EARLY, latest=LATE)[0].free == 1


def test_a_slot_is_offered_as_long_as_one_place_is_left():
    found = room(hours("09:00", "09:20", 2))
    nine = tick(TUESDAY, 9)
    one = {t: {1} for t in range(nine, nine + 4)}
    both = {t: {1, 2} for t in range(nine, nine + 4)}

    assert rules.free_place(found, one, nine, TWENTY) == 2
    assert rules.free_place(found, both, nine, TWENTY) is None


def test_what_is_kept_free_after_an_appointment_may_lie_beyond_the_rota():
    found = room(hours("09:00", "09:20"))
    nine = tick(TUESDAY, 9)

    assert rules.free_place(found, {}, nine, rules.Need.of_minutes(20, 10)) == 1
    assert rules.free_place(found, {nine + 5: {1}}, nine, rules.Need.of_minutes(20, 10)) is None


def test_a_night_that_skips_an_hour_has_one_hour_less():
    sunday = hours("01:00", "04:00", weekday=6)

    assert len(room(sunday, day=SPRING)) == 2 * 12
    assert len(room(sunday, day=AUTUMN)) == 4 * 12


def test_the_hour_that_happens_twice_can_be_booked_twice():
    found = room(hours("02:00", "03:00", weekday=6), day=AUTUMN)

    slots = rules.free_slots(found, {}, TWENTY, earliest=EARLY, latest=LATE)

    assert len({slot.starts_at for slot in slots}) == len(slots) == 6


def test_the_nearest_slots_are_told_in_the_order_of_the_clock():
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    slots = [rules.Slot(noon + timedelta(hours=h), 1) for h in (-5, -1, 2, 9)]

    near = rules.nearest(slots, noon, 3)

    assert [slot.starts_at.hour for slot in near] == [7, 11, 14]


lines = st.builds(
    lambda start, length, seats: hours(
        f"{start // 60:02}:{start % 60:02}",
        f"{(start + length) // 60:02}:{(start + length) % 60:02}",
        seats,
        weekday=6,
    ),
    st.integers(0, 280).map(lambda n: n * 5 % 1200),
    st.integers(1, 40).map(lambda n: n * 5),
    st.integers(1, 4),
)
needs = st.builds(
    rules.Need.of_minutes, st.integers(1, 18).map(lambda n: n * 5), st.sampled_from([0, 5, 15])
)


@given(st.lists(lines, min_size=1, max_size=3), st.sampled_from([SPRING, AUTUMN]), needs)
def test_every_slot_lies_within_the_rota_on_the_nights_of_the_clock(rota, day, need):
    found = room(*rota, day=day)
    start, end = day_bounds(day, PARIS)

    for slot in rules.free_slots(found, {}, need, earliest=EARLY, latest=LATE):
        own = range(rules.tick_of(slot.starts_at), rules.tick_of(slot.starts_at) + need.length)
        assert start <= slot.starts_at < end
        assert all(t in found for t in own)
        assert 1 <= slot.free <= min(found[t].places for t in own)


@given(
    st.lists(lines, min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 287), needs), max_size=40),
    st.integers(0, 3),
)
def test_however_it_is_filled_nobody_shares_a_place_and_the_rota_is_never_exceeded(
    rota, tries, out
):
    start, end = day_bounds(AUTUMN, PARIS)
    blocked = [rules.Blocked(start, end, out)] if out else []
    found = room(*rota, day=AUTUMN, blocked=blocked)
    taken: dict[int, set[int]] = {}
    first = rules.tick_of(start)

    for offset, need in tries:
        place = rules.free_place(found, taken, first + offset, need)
        for t in range(need.length + need.after) if place else ():
            assert place not in taken.setdefault(first + offset + t, set())
            taken[first + offset + t].add(place)

    assert all(len(taken.get(t, ())) <= found[t].places for t in found)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_a_tick_holds_its_instant(instant):
    began = rules.instant_of_tick(rules.tick_of(instant))

    assert began <= instant < began + timedelta(minutes=5)


def test_arriving_is_too_early_in_time_or_late_by_the_rules_of_the_hall():
    nine = datetime(2026, 11, 24, 8, tzinfo=UTC)
    times = rules.HallTimes(early=60, late=10)
    said = {
        minutes: rules.arriving(nine, nine + timedelta(minutes=minutes), times)
        for minutes in (-61, -60, 0, 10, 11)
    }

    assert [how.value for how in said.values()] == [
        "too_early", "in_time", "in_time", "in_time", "late",
    ]  # fmt: skip


def test_rules_and_models_name_the_same_states():
    named = {state for sources, to in rules.MOVES.values() for state in {*sources, to}}

    assert named == set(Appointment.State.values)


def test_tries_to_send_grow_apart_and_end():
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    tries = [rules.next_try(n, now) for n in range(1, 9)]

    assert tries[-1] is None
    assert all(a < b for a, b in pairwise(tries) if a and b)


def test_a_reminder_says_nothing_new_to_somebody_who_has_just_booked():
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    day = timedelta(days=1)

    assert not rules.reminder_is_useful(now, now + timedelta(hours=26), day)
    assert rules.reminder_is_useful(now, now + timedelta(hours=29), day)


@pytest.mark.parametrize(("ahead", "hours_left"), [(48, 4), (5, 3), (2, None)])
def test_an_offer_ends_after_its_hours_and_before_the_notice(ahead: int, hours_left: int | None):
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)

    ends = rules.offer_ends(now, now + timedelta(hours=ahead), 4, 120)

    assert ends == (now + timedelta(hours=hours_left) if hours_left else None)


class Life(RuleBasedStateMachine):
    """Whatever is tried with an appointment, it only ever makes lawful moves."""

    state = rules.BOOKED
    story: tuple[str, ...] = ()

    @rule(move=st.sampled_from(sorted(rules.MOVES)))
    def try_something(self, move: str) -> None:
        if rules.may(move, self.state):
            self.state = rules.MOVES[move][1]
            self.story = (*self.story, self.state)

    @precondition(lambda self: self.state in {rules.SERVED, rules.LEFT, rules.CANCELLED})
    @rule(move=st.sampled_from(sorted(rules.MOVES)))
    def the_end_is_the_end(self, move: str) -> None:
        assert not rules.may(move, self.state)

    @invariant()
    def nobody_is_received_who_has_not_arrived(self) -> None:
        if self.state == rules.SERVED:
            assert rules.ARRIVED in self.story


TestLife = Life.TestCase
