import pytest

from parvis.queue import queries
from tests.queue.factories import TicketFactory, at, desk_of, town_hall

pytestmark = pytest.mark.django_db


def test_two_people_called_together_are_both_on_the_screen():
    site = town_hall()
    one, two = desk_of(site), desk_of(site, name="Guichet 2")
    TicketFactory(called=True, site=site, desk=one, last_call_at=at(5))
    TicketFactory(called=True, site=site, desk=two, last_call_at=at(5))

    board = queries.display_snapshot(site, at(6))

    assert {call["desk"] for call in board["calls"]} == {one.name, two.name}


def test_the_place_in_line_counts_those_before_only():
    site = town_hall()
    topic = desk_of(site).topics.get()
    tickets = [
        TicketFactory(site=site, topic=topic, issued_at=at(minute), rank_at=at(minute))
        for minute in range(3)
    ]

    assert [queries.position(ticket, at(5)).ahead for ticket in tickets] == [0, 1, 2]


def test_a_ticket_of_yesterday_is_not_in_line():
    site = town_hall()
    TicketFactory(site=site, topic=desk_of(site).topics.get())

    assert queries.display_snapshot(site, at(24 * 60))["waiting"] == 0
