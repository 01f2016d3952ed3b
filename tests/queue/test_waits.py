"""The wait, told honestly: ranges from the desks really open, and places in line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.accounts.models import Skill
from parvis.queue import actions, queries, rules
from parvis.queue.models import Leg, Ticket
from parvis.queue.rules import Receiving, Stop, Waiting, WaitRange, waits
from tests.accounts.factories import AgentFactory, marc
from tests.queue.factories import TicketFactory, at, canteen, desk_of, town_hall

BIRTH, SCHOOL, TITLES = 1, 2, 3
EIGHT = rules.lengths_declared(8)
ONE = Receiving(1, frozenset({BIRTH}))
BUSY = Receiving(1, frozenset({BIRTH}), rest=rules.rest_of_visit(EIGHT, 2))
OTHER = Receiving(2, frozenset({SCHOOL}))
ME = Waiting(99, 1000, (Stop(BIRTH, EIGHT),))


def people(*topics: int, lengths: rules.Lengths = EIGHT) -> list[Waiting]:
    return [Waiting(n, n, (Stop(topic, lengths),)) for n, topic in enumerate(topics, start=1)]


def wait(desks: list[Receiving], line: list[Waiting], me: Waiting = ME) -> WaitRange | None:
    return rules.wait_ranges(desks, line, [me])[me.id]


@pytest.mark.parametrize(
    ("desks", "ahead", "told"),
    [
        ([], [], None),
        ([OTHER], [], None),
        ([ONE], [], WaitRange(0, 5)),
        ([BUSY], [], WaitRange(0, 15)),
        ([BUSY], people(BIRTH, BIRTH, BIRTH), WaitRange(15, 45)),
        ([ONE, Receiving(2, frozenset({BIRTH}))], people(*[BIRTH] * 4), WaitRange(5, 20)),
        ([ONE, OTHER], people(SCHOOL, SCHOOL, SCHOOL), WaitRange(0, 5)),
        ([ONE], people(BIRTH, lengths=()), None),
        ([ONE, OTHER], people(SCHOOL, lengths=()), WaitRange(0, 5)),
    ],
    ids=[
        "nobody receives",
        "nobody receives for this",
        "a desk is free",
        "one person at the desk",
        "three ahead",
        "two desks",
        "others wait for another desk",
        "not enough knowledge",
        "nothing known of those who do not matter",
    ],
)
def test_an_honest_wait(desks, ahead, told):
    assert wait(desks, ahead) == told


def test_whoever_comes_later_delays_nobody():
    later = [Waiting(200 + n, 2000 + n, (Stop(BIRTH, EIGHT),)) for n in range(9)]

    assert wait([BUSY], [*people(BIRTH), ME, *later]) == wait([BUSY], [*people(BIRTH), ME])


def test_who_is_kept_for_a_closed_desk_delays_nobody_and_is_promised_nothing():
    kept = Waiting(5, 5, (Stop(BIRTH, EIGHT),), reserved_desk_id=7)

    assert wait([ONE], [kept]) == WaitRange(0, 5)
    assert wait([ONE], [kept], kept) is None


def test_who_is_kept_for_a_colleague_waits_for_that_colleague():
    kept = Waiting(5, 5, (Stop(BIRTH, EIGHT),), reserved_agent_id=31)
    here = Receiving(3, frozenset({BIRTH}), agent_id=31, rest=rules.rest_of_visit(EIGHT, 0))

    assert wait([ONE, here], [kept], kept) == wait([here], [kept], kept)
    assert wait([ONE], [kept], kept) is None


def test_an_unknown_length_counts_when_those_people_may_crowd_the_desk():
    both = Receiving(2, frozenset({BIRTH, SCHOOL}))

    assert wait([ONE, both], people(SCHOOL, lengths=())) is None


def test_somebody_with_a_second_topic_comes_back_before_those_who_came_later():
    twice = Waiting(1, 1, (Stop(SCHOOL, EIGHT), Stop(BIRTH, EIGHT)))
    once = Waiting(1, 1, (Stop(SCHOOL, EIGHT),))
    late = Receiving(1, frozenset({BIRTH}), rest=rules.rest_of_visit(rules.lengths_declared(40), 0))

    alone, crowded = wait([late, OTHER], [once]), wait([late, OTHER], [twice])

    assert alone is not None
    assert crowded is not None
    assert crowded.high_minutes > alone.high_minutes


def test_a_present_visitor_with_a_second_topic_is_told_of_too():
    back = Waiting(1, 1, (Stop(BIRTH, EIGHT),))
    shorter = Receiving(2, frozenset({SCHOOL}), rest=(0.5,) * rules.PLAYS, afterwards=back)
    late = Receiving(1, frozenset({BIRTH}), rest=(6.0,) * rules.PLAYS)

    assert wait([late, shorter], []) == WaitRange(5, 20)
    assert wait([late], []) == WaitRange(5, 10)


def test_an_idle_desk_serves_who_comes_back_to_the_line():
    back = Waiting(1, 1, (Stop(BIRTH, EIGHT),))
    there = Receiving(2, frozenset({SCHOOL}), rest=(12.0,) * rules.PLAYS, afterwards=back)
    once = waits._Play([ONE, there], [], [], 0)
    once.run()

    assert once.starts == {back.id: 12.0}


# Lengths


def test_lengths_are_those_of_recent_visits_when_there_are_enough():
    enough = [12.0] * rules.ENOUGH_HISTORY

    assert set(rules.lengths_lately(enough)) == {12.0}
    assert rules.lengths_lately(enough[1:]) == ()


def test_slips_of_a_few_seconds_say_nothing_about_handling_times():
    assert rules.lengths_lately([0.05] * 50) == ()


def test_without_history_lengths_lie_around_the_declared_minutes():
    assert sum(EIGHT) / len(EIGHT) == pytest.approx(8, rel=0.03)
    assert rules.lengths_declared(0) == ()


def test_some_of_those_in_line_will_not_be_there():
    lengths = rules.with_absent(EIGHT, left=0.1, no_show=0.05)

    assert len(lengths) == rules.PLAYS
    assert lengths.count(0.0) == round(0.1 * rules.PLAYS)
    assert lengths.count(1.0) == round(0.05 * rules.PLAYS)


@given(usual=st.floats(1, 60), elapsed=st.floats(0, 600))
def test_somebody_at_a_desk_always_stays_a_little_longer(usual, elapsed):
    rest = rules.rest_of_visit(rules.lengths_declared(usual), elapsed)

    assert len(rest) == rules.PLAYS
    assert min(rest) > 0


@given(usual=st.floats(1, 60), left=st.floats(0, 1), vain=st.floats(0, 1))
def test_lengths_are_always_as_many(usual, left, vain):
    lengths = rules.with_absent(rules.lengths_declared(usual), left=left / 2, no_show=vain / 2)

    assert len(lengths) == rules.PLAYS
    assert min(lengths) >= 0


# Whatever the hall

topics = st.integers(1, 4)
some_lengths = st.sampled_from([(), EIGHT, rules.lengths_declared(3), rules.lengths_declared(30)])
stops = st.lists(st.builds(Stop, topics, some_lengths), min_size=1, max_size=3).map(tuple)
lines = st.lists(
    st.tuples(st.integers(0, 2000), stops, st.none() | st.integers(0, 5)), max_size=10
).map(lambda rows: [Waiting(n, rank, s, desk) for n, (rank, s, desk) in enumerate(rows, 1)])
halls = st.lists(st.tuples(st.frozensets(topics), some_lengths), max_size=4).map(
    lambda rows: [
        Receiving(n, served, rest=rules.rest_of_visit(rest, 3) if rest else ())
        for n, (served, rest) in enumerate(rows)
    ]
)


@given(desks=halls, line=lines)
def test_a_wait_is_a_range_of_whole_fives(desks, line):
    told = wait(desks, line)

    if told is not None:
        assert 0 <= told.low_minutes < told.high_minutes
        assert told.low_minutes % 5 == told.high_minutes % 5 == 0


@given(desks=halls, line=lines)
def test_nothing_is_told_when_nobody_receives_for_it(desks, line):
    if not any(desk.serves(ME) for desk in desks):
        assert wait(desks, line) is None


@given(desks=halls, line=lines, more=st.integers(1, 4))
def test_more_people_just_before_me_never_shorten_the_wait(desks, line, more):
    longer = [*line, *[Waiting(500 + n, 999, (Stop(BIRTH, EIGHT),)) for n in range(more)]]
    ahead = [one for one in line if one.rank < 999]

    short = wait(desks, ahead)
    long = wait(desks, [*ahead, *longer[len(line) :]])

    assert (short is None) is (long is None)
    if short and long:
        assert long.low_minutes >= short.low_minutes
        assert long.high_minutes >= short.high_minutes


@given(desks=halls, line=lines)
def test_the_same_hall_always_gives_the_same_range(desks, line):
    assert wait(desks, line) == wait(desks, line)


def test_only_those_whom_my_desks_may_call_are_before_me():
    assert rules.before([ONE, OTHER], people(SCHOOL, BIRTH, SCHOOL), ME) == 1


def test_those_behind_me_are_those_whom_my_desks_may_call():
    behind = [Waiting(n, 1000 + n, (Stop(t),)) for n, t in [(120, BIRTH), (110, SCHOOL)]]

    assert [one.id for one in rules.next_behind([ONE, OTHER], behind, ME)] == [120]


# From the tables


@pytest.fixture
def hall(db: None) -> tuple:
    site = town_hall()
    desk = desk_of(site)
    return site, desk, desk.topics.get()


def sit(desk, agent=None):
    agent = agent or AgentFactory(authority=desk.site.authority)
    return actions.sit_down(desk, agent=agent, now=at(0))


def waiting(site, topic, minute: float = 0, **more) -> Ticket:
    moment = {"issued_at": at(minute), "rank_at": at(minute), **more}
    return TicketFactory(site=site, topic=topic, **moment)


def test_nobody_receives_so_nothing_is_promised(hall):
    site, _desk, topic = hall

    assert queries.newcomer_wait(site, topic, at(1)) is None


def test_only_desks_that_are_open_count(hall):
    site, desk, topic = hall
    session = sit(desk)
    assert queries.newcomer_wait(site, topic, at(1)) == WaitRange(0, 5)

    actions.pause(session, agent=session.agent, now=at(2))
    assert queries.newcomer_wait(site, topic, at(3)) is None

    type(session).objects.filter(pk=session.pk).update(status="back_office")
    assert queries.newcomer_wait(site, topic, at(3)) is None


def test_a_priority_waits_behind_those_who_came_before_the_fairness_limit_only(hall):
    site, desk, topic = hall
    sit(desk)
    for minute in range(1, 7):
        waiting(site, topic, minute)

    usual = queries.newcomer_wait(site, topic, at(8))
    first = queries.newcomer_wait(site, topic, at(8), priority="card")

    assert usual is not None
    assert usual.low_minutes > 20
    assert first == WaitRange(0, 5)


def test_an_appointment_in_line_counts_by_its_booked_time(hall):
    site, desk, topic = hall
    sit(desk)
    waiting(site, topic, 1, booked_at=at(20), rank_at=at(0))
    later = waiting(site, topic, 2, booked_at=at(60), rank_at=at(40))

    assert queries.newcomer_wait(site, topic, at(5)) == WaitRange(0, 15)
    assert queries.position(later, at(5)).ahead == 1


def test_a_topic_that_needs_a_skill_is_served_by_those_who_are_able(hall):
    site, desk, topic = hall
    type(topic).objects.filter(pk=topic.pk).update(needs_skill=True)
    learner = AgentFactory(authority=site.authority)
    skill = Skill.objects.create(
        agent=learner, family=topic.family, level=Skill.Level.LEARNING, validated_on=at(0).date()
    )
    sit(desk, learner)
    assert queries.newcomer_wait(site, topic, at(1)) is None

    Skill.objects.filter(pk=skill.pk).update(level=Skill.Level.ABLE)
    assert queries.newcomer_wait(site, topic, at(1)) == WaitRange(0, 5)


def test_the_topics_still_to_come_of_others_are_counted(hall):
    site, desk, topic = hall
    other = canteen(site)
    sit(
        desk_of(site, "Guichet 2", topics=[other]),
        marc(),
    )
    sit(desk)
    for minute in range(3):
        ticket = waiting(site, other, minute)
        Leg.objects.create(ticket=ticket, position=2, topic=topic)
    waiting(site, topic, 5)

    told = queries.newcomer_wait(site, topic, at(6))

    assert told is not None
    assert told.high_minutes > queries.newcomer_wait(site, other, at(6)).low_minutes
    assert told.high_minutes >= 15


def test_a_visit_that_lasts_is_soon_over(hall):
    site, desk, topic = hall
    sit(desk)
    TicketFactory(called=True, site=site, topic=topic, desk=desk, last_call_at=at(0))

    fresh, long = (queries.newcomer_wait(site, topic, at(minute)) for minute in (1, 60))

    assert fresh == WaitRange(0, 15)
    assert long == WaitRange(0, 10)


def test_lengths_come_from_the_visits_of_the_last_weeks(hall):
    site, desk, topic = hall
    sit(desk)
    for number in range(rules.ENOUGH_HISTORY):
        TicketFactory(
            site=site,
            topic=topic,
            state="done",
            desk=desk,
            issued_at=at(-1500 - number),
            called_at=at(-1500),
            last_call_at=at(-1500),
            ended_at=at(-1500 + 31),
            day=at(-1500).date(),
        )
    waiting(site, topic, 1)

    assert queries.newcomer_wait(site, topic, at(2)) == WaitRange(30, 35)


def test_the_place_after_letting_two_people_pass_is_told_before(hall):
    site, desk, topic = hall
    sit(desk)
    mine, *_others = [waiting(site, topic, minute) for minute in range(4)]
    now_hall = queries.load_hall(site, at(5))

    now, later = (
        queries.position(mine, at(5), hall=now_hall),
        queries.position_behind(mine, 2, at(5), hall=now_hall),
    )

    assert (now.ahead, later.ahead) == (0, 2)
    assert later.wait.high_minutes > now.wait.high_minutes


def test_nobody_can_be_let_pass_when_nobody_is_behind(hall):
    site, desk, topic = hall
    sit(desk)
    mine = waiting(site, topic)

    assert queries.position_behind(mine, 2, at(5), hall=queries.load_hall(site, at(5))) is None


@pytest.mark.parametrize("day", [(2026, 3, 29), (2026, 10, 25)])
def test_the_nights_of_the_clock_change_make_no_wait_negative(db, day):
    paris = ZoneInfo("Europe/Paris")
    site = town_hall()
    desk = desk_of(site)
    topic = desk.topics.get()
    midnight = datetime(*day, tzinfo=paris).astimezone(UTC)
    session = sit(desk)
    type(session).objects.update(opened_at=midnight)
    for half_hour in range(6):
        moment = midnight + timedelta(minutes=30 * half_hour)
        TicketFactory(site=site, topic=topic, issued_at=moment, rank_at=moment)
        told = queries.newcomer_wait(site, topic, moment)
        assert told is not None
        assert 0 <= told.low_minutes < told.high_minutes


@pytest.mark.parametrize("length", [1, 30])
def test_a_hall_is_read_in_a_few_queries_whatever_its_line(
    hall, length, django_assert_max_num_queries
):
    site, desk, topic = hall
    sit(desk)
    for minute in range(length):
        waiting(site, topic, minute)
    queries.load_hall(site, at(40))

    with django_assert_max_num_queries(5):
        queries.load_hall(site, at(40))
