from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.common.calendar import Territory
from parvis.common.clock import elapsed_seconds
from parvis.organisations.rules import (
    Because,
    Closure,
    DayException,
    HoursChannel,
    NameLevel,
    NamePolicy,
    Opening,
    Schedule,
    Season,
    StaffName,
    closure_of_days,
    confirmed_through,
    day_plan,
    missing_in_policy,
    name_level,
    shown_name,
    state_at,
    week_view,
)

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
DESK = HoursChannel.DESK
MORNING = Opening(time(8, 30), time(12))
AFTERNOON = Opening(time(13, 30), time(17))
OFFICE_WEEK = tuple((day, slot) for day in range(5) for slot in (MORNING, AFTERNOON))
YEAR = Season(DESK, date(2026, 1, 1), date(2026, 12, 31), OFFICE_WEEK)
TOWN_HALL = Schedule(PARIS, (YEAR,), territory=Territory.METROPOLIS)


def paris(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def test_open_tells_until_when() -> None:
    state = state_at(TOWN_HALL, DESK, paris(3, 10))

    assert state.open
    assert state.confirmed
    assert state.until == paris(3, 12)
    assert state.next_opening == paris(3, 13, 30)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (paris(3, 7), paris(3, 8, 30)),
        (paris(3, 12), paris(3, 13, 30)),
        (paris(6, 17), paris(9, 8, 30)),  # Friday evening: Monday
        (paris(30, 20, month=4), paris(4, 8, 30, month=5)),  # 1 May is a Friday: Monday 4
    ],
)
def test_closed_tells_the_next_opening(now: datetime, opening: datetime) -> None:
    state = state_at(TOWN_HALL, DESK, now)

    assert not state.open
    assert state.confirmed
    assert state.next_opening == opening


def test_a_public_holiday_is_closed_and_named() -> None:
    state = state_at(TOWN_HALL, DESK, paris(1, 10, month=5))

    assert not state.open
    assert (state.reason, state.note) == (Because.PUBLIC_HOLIDAY, "Labour Day")


def test_an_exception_may_open_on_a_public_holiday() -> None:
    polls = DayException(date(2026, 5, 8), (MORNING,), "Ceremony")
    schedule = replace(TOWN_HALL, exceptions=(polls,))

    assert state_at(schedule, DESK, paris(8, 10, month=5)).reason is Because.EXCEPTION
    assert state_at(schedule, DESK, paris(8, 10, month=5)).open


def test_an_expired_season_says_not_confirmed_instead_of_old_hours() -> None:
    state = state_at(TOWN_HALL, DESK, datetime(2027, 1, 5, 10, tzinfo=PARIS))

    assert not state.open
    assert not state.confirmed
    assert state.reason is Because.NOT_CONFIRMED
    assert state.next_opening is None
    assert day_plan(TOWN_HALL, DESK, date(2027, 1, 5)).hours == ()


def test_a_channel_without_hours_is_not_confirmed() -> None:
    assert not state_at(TOWN_HALL, HoursChannel.PHONE, paris(3, 10)).confirmed


def test_nothing_is_promised_beyond_a_day_that_nobody_declared() -> None:
    later = Season(DESK, date(2027, 1, 11), None, OFFICE_WEEK)
    schedule = replace(TOWN_HALL, seasons=(YEAR, later))

    assert state_at(schedule, DESK, paris(31, 18, month=12)).next_opening is None
    assert confirmed_through(schedule, DESK, date(2026, 12, 1)) == date(2027, 1, 1)
    assert confirmed_through(schedule, DESK, date(2027, 1, 11)) is None


def test_summer_hours_replace_those_of_the_year() -> None:
    summer = Season(DESK, date(2026, 7, 6), date(2026, 8, 30), ((0, MORNING),))
    schedule = replace(TOWN_HALL, seasons=(summer, YEAR))

    assert day_plan(schedule, DESK, date(2026, 7, 6)).hours == ((time(8, 30), time(12)),)
    assert day_plan(schedule, DESK, date(2026, 7, 7)).hours == ()
    assert len(day_plan(schedule, DESK, date(2026, 8, 31)).hours) == 2


def test_a_sudden_closure_cuts_the_afternoon_and_says_why() -> None:
    flood = Closure(paris(3, 15), paris(4, 10), "Water damage")
    schedule = replace(TOWN_HALL, closures=(flood,))

    before, during = state_at(schedule, DESK, paris(3, 14)), state_at(schedule, DESK, paris(3, 16))

    assert before.open
    assert before.until == paris(3, 15)
    assert (during.open, during.until, during.note) == (False, paris(4, 10), "Water damage")
    assert during.next_opening == paris(4, 10)


def test_a_closure_until_further_notice_promises_nothing() -> None:
    works = Closure(paris(3, 0), None, "Works")
    state = state_at(replace(TOWN_HALL, closures=(works,)), DESK, paris(10, 10))

    assert state.confirmed
    assert (state.open, state.until, state.next_opening) == (False, None, None)


def test_the_next_opening_is_found_beyond_a_long_closure() -> None:
    works = closure_of_days(date(2026, 3, 4), date(2026, 11, 10), PARIS, "Works")
    state = state_at(replace(TOWN_HALL, closures=(works,)), DESK, paris(4, 10))

    assert state.next_opening == paris(12, 8, 30, month=11)  # 11 November is a holiday


def test_a_closure_of_the_phone_leaves_the_desk_open() -> None:
    fault = Closure(paris(3, 9), paris(3, 11), "Line fault", HoursChannel.PHONE)

    assert state_at(replace(TOWN_HALL, closures=(fault,)), DESK, paris(3, 10)).open


def test_an_exception_for_the_channel_is_preferred_to_one_for_the_site() -> None:
    day = date(2026, 3, 3)
    site = DayException(day, (), "Ceremony")
    desk = DayException(day, (MORNING,), "One desk stays", DESK)
    schedule = replace(TOWN_HALL, exceptions=(site, desk))

    assert day_plan(schedule, DESK, day).note == "One desk stays"
    assert day_plan(schedule, HoursChannel.PHONE, day).note == "Ceremony"


def test_several_exceptions_of_one_day_add_up() -> None:
    day = date(2026, 3, 3)
    rows = tuple(DayException(day, (slot,), "Late start", DESK) for slot in (AFTERNOON, MORNING))
    schedule = replace(TOWN_HALL, exceptions=rows)

    assert day_plan(schedule, DESK, day).hours == (
        (time(8, 30), time(12)),
        (time(13, 30), time(17)),
    )


def test_a_week_is_shown_from_monday_with_its_exceptions() -> None:
    late = DayException(date(2026, 3, 5), (MORNING, Opening(time(13), time(19))), "Late evening")
    week = week_view(replace(TOWN_HALL, exceptions=(late,)), DESK, date(2026, 3, 8))

    assert [plan.day.day for plan in week] == [2, 3, 4, 5, 6, 7, 8]
    assert week[3].hours[-1] == (time(13), time(19))
    assert week[6].intervals == ()


@pytest.mark.parametrize(
    ("day", "lived"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5), (date(2026, 6, 7), 4)]
)
def test_a_night_shelter_lives_the_hours_that_the_night_really_has(day: date, lived: int) -> None:
    night = Season(DESK, date(2026, 1, 1), None, ((6, Opening(time(0), time(4))),))
    ((start, end),) = day_plan(Schedule(PARIS, (night,)), DESK, day).intervals

    assert elapsed_seconds(start, end) == lived * 3600


def test_an_opening_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="after it begins"):
        Opening(time(12), time(12))
    with pytest.raises(ValueError, match="after it begins"):
        Closure(paris(3, 12), paris(3, 11), "")


HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
OPENINGS = st.lists(st.sampled_from(HALF_HOURS), min_size=2, max_size=2, unique=True).map(
    lambda pair: Opening(min(pair), max(pair))
)
# The DST nights of 2026 lie within this span.
DAYS = st.dates(date(2026, 3, 20), date(2026, 4, 10)) | st.dates(
    date(2026, 10, 15), date(2026, 11, 5)
)
INSTANTS = st.builds(
    lambda day, minute: (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
    ),
    DAYS,
    st.integers(0, 1439),
)
CHANNELS = st.sampled_from(HoursChannel)
CLOSURES = st.builds(
    lambda start, minutes, channel: Closure(
        start, None if minutes is None else start + timedelta(minutes=minutes), "Closed", channel
    ),
    INSTANTS,
    st.none() | st.integers(1, 10_000),
    st.none() | CHANNELS,
)
SEASONS = st.builds(
    lambda channel, start, days, week: Season(
        channel, start, None if days is None else start + timedelta(days=days), tuple(week)
    ),
    CHANNELS,
    DAYS,
    st.none() | st.integers(0, 60),
    st.lists(st.tuples(st.integers(0, 6), OPENINGS), max_size=8),
)
EXCEPTIONS = st.builds(
    DayException,
    DAYS,
    st.lists(OPENINGS, max_size=3).map(tuple),
    st.just("Other hours"),
    st.none() | CHANNELS,
)
SCHEDULES = st.builds(
    Schedule,
    st.sampled_from([PARIS, REUNION]),
    st.lists(SEASONS, max_size=3).map(tuple),
    st.lists(EXCEPTIONS, max_size=3).map(tuple),
    st.lists(CLOSURES, max_size=3).map(tuple),
    st.none() | st.just(Territory.METROPOLIS),
)


@given(SCHEDULES, CHANNELS, INSTANTS)
def test_the_next_opening_is_to_come_and_really_open(
    schedule: Schedule, channel: HoursChannel, now: datetime
) -> None:
    opening = state_at(schedule, channel, now).next_opening

    if opening is not None:
        assert opening > now
        assert state_at(schedule, channel, opening).open
        assert not state_at(schedule, channel, opening - timedelta(microseconds=1)).open


@given(SCHEDULES, CHANNELS, INSTANTS)
def test_open_lasts_exactly_until_it_says(
    schedule: Schedule, channel: HoursChannel, now: datetime
) -> None:
    state = state_at(schedule, channel, now)

    if state.open:
        assert state.until is not None
        assert state.until > now
        assert state_at(schedule, channel, state.until - timedelta(microseconds=1)).open
        assert not state_at(schedule, channel, state.until).open


@given(SCHEDULES, CHANNELS, INSTANTS, st.integers(0, 3 * 24 * 60))
def test_between_now_and_the_next_opening_it_is_never_open_again(
    schedule: Schedule, channel: HoursChannel, now: datetime, minutes: int
) -> None:
    state = state_at(schedule, channel, now)
    probe = now + timedelta(minutes=minutes)

    if not state.open and state.next_opening is not None and probe < state.next_opening:
        assert not state_at(schedule, channel, probe).open


@given(SCHEDULES, CHANNELS, INSTANTS, CLOSURES)
def test_a_closure_always_wins(
    schedule: Schedule, channel: HoursChannel, now: datetime, closure: Closure
) -> None:
    closed = replace(schedule, closures=(*schedule.closures, closure))
    during = closure.starts_at <= now and (closure.ends_at is None or now < closure.ends_at)

    state = state_at(closed, channel, now)

    if during and closure.channel in {None, channel}:
        assert not state.open
        assert state.reason is Because.CLOSURE
    else:
        assert state.open == state_at(schedule, channel, now).open


@given(SCHEDULES, CHANNELS, DAYS)
def test_no_hours_are_shown_on_a_day_that_nobody_declared(
    schedule: Schedule, channel: HoursChannel, day: date
) -> None:
    plan = day_plan(schedule, channel, day)
    declared = any(one.channel is channel and one.covers(day) for one in schedule.seasons)

    if not plan.confirmed:
        assert plan.hours == ()
        assert not declared


INES = StaffName("Inès", "Moreau", "Urban planning officer", "Urban planning")
ENDS = date(2026, 6, 30)


def policy(level: NameLevel) -> NamePolicy:
    return NamePolicy(level, "Threats received", "Marc", ENDS)


@pytest.mark.parametrize(
    ("level", "name", "function"),
    [
        (NameLevel.FULL, "Inès Moreau", "Urban planning officer"),
        (NameLevel.FIRST_NAME_AND_FUNCTION, "Inès", "Urban planning officer"),
        (NameLevel.SERVICE_ONLY, "", ""),
    ],
)
def test_a_name_is_shown_as_far_as_its_policy_allows(
    level: NameLevel, name: str, function: str
) -> None:
    shown = shown_name(INES, policy(level), NameLevel.FULL, ENDS)

    assert (shown.name, shown.function, shown.service) == (name, function, "Urban planning")


def test_after_its_end_date_the_default_of_the_authority_applies() -> None:
    own = policy(NameLevel.SERVICE_ONLY)

    assert name_level(own, NameLevel.FULL, ENDS) is NameLevel.SERVICE_ONLY
    assert name_level(own, NameLevel.FULL, ENDS + timedelta(days=1)) is NameLevel.FULL
    assert name_level(None, NameLevel.SERVICE_ONLY, ENDS) is NameLevel.SERVICE_ONLY


def test_hiding_a_name_needs_a_reason_an_author_and_an_end() -> None:
    bare = NamePolicy(NameLevel.SERVICE_ONLY, " ", "", None)

    assert missing_in_policy(bare) == ("reason", "author", "ends_on")
    assert missing_in_policy(policy(NameLevel.SERVICE_ONLY)) == ()
    assert missing_in_policy(NamePolicy(NameLevel.FULL, "", "", None)) == ()


NAMES = st.text(st.characters(categories=["Lu", "Ll"]), min_size=6, max_size=12)
POLICIES = st.none() | st.builds(
    NamePolicy, st.sampled_from(NameLevel), st.just("why"), st.just("Marc"), st.none() | DAYS
)


@given(NAMES, NAMES, POLICIES, st.sampled_from(NameLevel), DAYS)
def test_a_hidden_name_never_appears(
    first: str, last: str, own: NamePolicy | None, default: NameLevel, day: date
) -> None:
    shown = shown_name(StaffName(first, f"~{last}", "officer", "roads"), own, default, day)

    if shown.level is not NameLevel.FULL:
        assert f"~{last}" not in repr(shown)
    if shown.level is NameLevel.SERVICE_ONLY:
        assert (shown.name, shown.function, shown.service) == ("", "", "roads")


def test_a_closure_for_ever_promises_no_opening() -> None:
    for_ever = closure_of_days(date.min, date.max, PARIS, "Works")

    state = state_at(replace(TOWN_HALL, closures=(for_ever,)), DESK, paris(3, 10))

    assert (state.open, state.reason, state.next_opening) == (False, Because.CLOSURE, None)


def test_hours_for_ever_end_with_the_calendar() -> None:
    for_ever = replace(YEAR, valid_through=date.max)
    closed = closure_of_days(date(2026, 3, 1), date.max, PARIS, "Works")
    schedule = Schedule(PARIS, (for_ever,), closures=(closed,))

    assert confirmed_through(schedule, DESK, date(2026, 3, 2)) is None
