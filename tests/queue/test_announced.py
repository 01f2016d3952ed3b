"""The error of our own announcements, counted without mercy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.queue import queries, rules
from parvis.queue.rules import Told
from tests.organisations.factories import SiteFactory
from tests.queue.factories import MORNING, TicketFactory, at, canteen, desk_of, town_hall


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        (Told(5, 15, 10), "right"),
        (Told(5, 15, 5), "right"),
        (Told(5, 15, 4.9), "early"),
        (Told(5, 15, 15.1), "late"),
        (Told(5, 15, 30, was_called=False), "late"),
        (Told(5, 15, 10, was_called=False), ""),
    ],
)
def test_an_announcement_is_right_early_late_or_unknown(told, verdict):
    assert told.verdict == verdict


def test_fewer_than_five_say_nothing():
    four = rules.accuracy([Told(0, 5, 1)] * 4)
    five = rules.accuracy([Told(0, 5, 1)] * 5)

    assert (four.is_shown, four.share, four.interval, four.median_error) == (False,) + (None,) * 3
    assert five.share == 1
    assert five.interval.low == pytest.approx(0.566, abs=0.001)
    assert five.median_error == -1.5


@given(st.lists(st.builds(Told, st.integers(0, 60), st.integers(60, 90), st.floats(0, 200))))
def test_everybody_called_is_counted_once(told):
    found = rules.accuracy(told)

    assert found.count == len(told)
    if found.interval:
        assert 0 <= found.interval.low <= found.share <= found.interval.high <= 1


# From the tables


def visit(site, topic, minute: float, waited: float | None, low: int = 0, high: int = 5, **more):
    called = None if waited is None else at(minute + waited)
    end = called or at(minute + 60)
    return TicketFactory(
        site=site,
        topic=topic,
        issued_at=at(minute),
        rank_at=at(minute),
        called_at=called,
        ended_at=end,
        **{"state": "done", "announced_low": low, "announced_high": high, **more},
    )


@pytest.fixture
def hall(db):
    site = town_hall()
    return site, desk_of(site).topics.get()


def error_of(*sites):
    return queries.estimate_error(sites, MORNING.date(), MORNING.date())


def test_announced_against_real_by_part(hall):
    site, topic = hall
    other, school = SiteFactory(slug="annexe", authority=site.authority), canteen(site)
    for n in range(6):
        visit(site, topic, n, waited=3)
        visit(site, topic, 60 + n, waited=12)
        visit(other, school, n, waited=8, low=5, high=15)

    found = error_of(site, other)

    assert (found.everyone.count, found.everyone.right, found.everyone.late) == (18, 12, 6)
    assert found.made_to_wait.share == 1
    assert {pk: part.right for pk, part in found.by_site.items()} == {site.pk: 6, other.pk: 6}
    assert found.by_family[school.family_id].count == 6
    assert {hour: part.share for hour, part in found.by_hour.items()} == {9: 1.0, 10: 0.0}


@pytest.mark.parametrize(
    "more",
    [
        {"announced_low": None, "announced_high": None},
        {"let_past": 1},
        {"booked_at": MORNING},
        {"state": "waiting", "called_at": None, "ended_at": None},
    ],
    ids=["nothing was announced", "let others pass", "an appointment", "still waiting"],
)
def test_what_says_nothing_about_our_announcements_is_left_out(hall, more):
    ticket = visit(*hall, 0, waited=50)
    type(ticket).objects.filter(pk=ticket.pk).update(**more)

    assert error_of(hall[0]).everyone.count == 0


def test_who_gave_up_after_more_than_was_announced_counts_against_us(hall):
    for n in range(5):
        visit(*hall, n, waited=None, state="left")

    assert error_of(hall[0]).everyone.late == 5


def test_it_is_read_in_one_query(hall, django_assert_num_queries):
    for n in range(20):
        visit(*hall, n, waited=3)

    with django_assert_num_queries(1):
        error_of(hall[0])
