"""Which ways lead to a person, whatever the state of the house."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.assistant.rules.handing import (
    AGENT_GONE,
    MOST_AT_ONCE,
    NOBODY,
    PERSON_GONE_TALKING,
    PERSON_GONE_WAITING,
    Fate,
    House,
    Open,
    Way,
    fate,
    offers,
    should_tell_closing,
    wait,
)
from tests.assistant.factories import NOON

LATER = NOON + timedelta(hours=5)
minutes = st.integers(-30, 600).map(lambda n: NOON + timedelta(minutes=n))
houses = st.builds(
    House,
    closes_at=st.none() | minutes,
    held=st.lists(st.integers(0, 9), max_size=6),
    waiting=st.integers(0, 60),
    usual=st.integers(1, 60).map(lambda n: timedelta(minutes=n)),
    calls_by=st.none() | minutes,
    takes_appointments=st.booleans(),
    takes_messages=st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(houses)
def test_there_is_always_a_way_and_none_twice(house):
    ways = [offer.way for offer in offers(house, NOON)]

    assert ways
    assert ways[-1] == Way.CLOSED
    assert len(ways) == len(set(ways))


@settings(deadline=None, max_examples=60)
@given(houses)
def test_a_live_conversation_needs_somebody_on_duty_and_an_open_house(house):
    ways = [offer.way for offer in offers(house, NOON)]

    if Way.CHAT in ways:
        assert house.held
        assert house.closes_at is not None
        assert house.closes_at > NOON


@settings(deadline=None, max_examples=60)
@given(houses)
def test_a_wait_is_a_range_that_grows_with_the_line(house):
    low, high = wait(house)
    longer = wait(House(held=house.held, waiting=house.waiting + 1, usual=house.usual))

    assert 0 <= low < high
    assert longer >= (low, high)


def test_whoever_comes_to_a_free_agent_waits_for_a_moment_only():
    assert wait(House(held=[0])) == (0, 2)
    assert wait(House(held=[MOST_AT_ONCE], usual=timedelta(minutes=8))) == (4, 12)


def test_nobody_begins_to_wait_just_before_closing():
    house = House(closes_at=NOON + timedelta(minutes=4), held=[0])

    assert Way.CHAT not in [offer.way for offer in offers(house, NOON)]
    assert should_tell_closing(house, NOON)
    assert not should_tell_closing(House(closes_at=LATER, held=[0]), NOON)


OPEN = House(closes_at=LATER, held=[1])
SECOND = timedelta(seconds=1)


def test_an_agent_without_a_sign_is_gone_and_the_person_is_not_lost():
    talking = Open(taken=True, waits_since=NOON, person_seen=NOON, agent_seen=NOON)

    assert fate(talking, OPEN, NOON + AGENT_GONE) == Fate.STAYS
    assert fate(talking, OPEN, NOON + AGENT_GONE + SECOND) == Fate.AGENT_GONE


def test_a_person_without_a_sign_is_gone():
    waits = Open(taken=False, waits_since=NOON, person_seen=NOON)
    after = NOON + PERSON_GONE_TALKING + SECOND
    talks = Open(taken=True, waits_since=NOON, person_seen=NOON, agent_seen=after)

    assert fate(waits, OPEN, NOON + PERSON_GONE_WAITING) == Fate.STAYS
    assert fate(waits, OPEN, NOON + PERSON_GONE_WAITING + SECOND) == Fate.PERSON_GONE
    assert fate(talks, OPEN, after) == Fate.PERSON_GONE


def test_nobody_waits_in_a_closed_house_nor_long_for_nobody():
    waits = Open(taken=False, waits_since=NOON, person_seen=NOON + NOBODY)
    empty = House(closes_at=LATER)

    assert fate(waits, House(), NOON) == Fate.NOBODY
    assert fate(waits, empty, NOON + NOBODY) == Fate.STAYS
    assert fate(waits, empty, NOON + NOBODY + SECOND) == Fate.NOBODY


def test_a_conversation_under_way_may_be_finished_after_closing():
    talks = Open(taken=True, waits_since=NOON, person_seen=NOON, agent_seen=NOON)

    assert fate(talks, House(), NOON) == Fate.STAYS
