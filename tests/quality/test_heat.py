"""The map of the week against the events of the tickets: two readings, one truth."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.accounts.models import Agent
from parvis.contacts.models import Outcome
from parvis.quality.queries import heat, legs
from parvis.quality.queries.perimeter import Frame, Perimeter, frame_of
from parvis.quality.queries.replay import day_of_hall
from parvis.quality.rules.heat import Place, heat_map
from parvis.quality.rules.replay import hall_at
from parvis.quality.rules.waiting import waits_by_hour
from parvis.queue import actions
from parvis.queue.models import Source
from tests.accounts.factories import ines
from tests.organisations.factories import DeskFactory, TopicFactory
from tests.quality.factories import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning() -> Frame:
    """Seven people on a Monday morning, received through the hall's own actions; one leaves."""
    agent = ines()
    topic = TopicFactory.create(authority=agent.authority)
    desk = DeskFactory.create(site__authority=agent.authority, topics=[topic])
    start = at(2, 9, 30)
    tickets = [
        actions.issue_ticket(
            desk.site, topic, now=start + timedelta(minutes=n), source=Source.AGENT, actor=agent
        ).ticket
        for n in range(7)
    ]
    actions.leave(tickets[6], now=start + timedelta(minutes=15))
    for n in range(6):
        called = actions.call_next(desk, agent=agent, now=start + timedelta(minutes=8 + 5 * n))
        assert called is not None
        now = start + timedelta(minutes=12 + 5 * n)
        actions.finish(called.ticket, agent=agent, now=now, outcome=Outcome.RESOLVED)
    day = at(2, 9).date()
    return frame_of(Perimeter(agent.authority, day, day, site=desk.site))


def test_the_map_says_what_the_events_say(morning: Frame) -> None:
    day = morning.perimeter.first
    cell = heat_map(heat.half_hours(morning, day, day), morning.zone).cells[Place(0, 19)]
    (hour,) = waits_by_hour(legs.flat(legs.stays(morning, day, day)), morning.zone)
    assert (cell.people, cell.gone) == (7, 1)
    assert (cell.p50, cell.p90) == (hour.p50, hour.p90) == (1080, 1560)


def test_a_year_of_the_map_is_one_query(morning: Frame) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        heat.half_hours(morning, at(1, month=1).date(), at(31, month=12).date())
    assert len(queries) == 1


def test_the_hall_of_a_day_comes_back_as_it_was(morning: Frame) -> None:
    site = morning.perimeter.site
    assert site is not None
    found = day_of_hall(site, morning.perimeter.first, reader=ines())
    then = hall_at(found.changes, at(2, 9, 44))
    assert [found.tickets[one.ticket].number for one in then.at_desks] == [2]
    assert [found.tickets[one.ticket].number for one in then.waiting] == [3, 4, 5, 6, 7]


def test_what_was_taken_back_never_happened(morning: Frame) -> None:
    site = morning.perimeter.site
    assert site is not None
    agent, desk = Agent.objects.get(), site.desks.get()
    topic, now = desk.topics.get(), at(2, 11)
    actions.issue_ticket(site, topic, now=now, source=Source.AGENT, actor=agent)
    actions.call_next(desk, agent=agent, now=now + timedelta(minutes=1))
    actions.undo_last(desk, agent=agent, now=now + timedelta(minutes=1, seconds=5))
    found = day_of_hall(site, morning.perimeter.first, reader=ines())
    then = hall_at(found.changes, now + timedelta(minutes=2))
    assert len(then.waiting) == 1
    assert then.at_desks == ()


def test_who_was_received_by_a_slip_of_the_finger_never_came(morning: Frame) -> None:
    site, day = morning.perimeter.site, morning.perimeter.first
    assert site is not None
    agent, desk = Agent.objects.get(), site.desks.get()
    topic, now = desk.topics.get(), at(2, 11)
    actions.receive(site, topic, desk=desk, agent=agent, now=now)
    actions.undo_last(desk, agent=agent, now=now + timedelta(seconds=4))

    cells = heat_map(heat.half_hours(morning, day, day), morning.zone).cells

    assert list(cells) == [Place(0, 19)]
    assert not hall_at(
        day_of_hall(site, day, reader=ines()).changes, now + timedelta(minutes=1)
    ).at_desks
