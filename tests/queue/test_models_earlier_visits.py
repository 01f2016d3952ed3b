"""Tickets from before visits had legs: the migration gives each the legs that its account tells."""

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from parvis.queue import actions
from parvis.queue.models import Leg, Ticket
from tests.accounts.factories import ines
from tests.organisations.factories import TopicFactory
from tests.queue.factories import at, desk_of, town_hall

pytestmark = pytest.mark.django_db
COLUMNS = ("ticket_id", "position", "topic_id", "waiting_since", "ended_at", "ended_by", "outcome")


def upgrade() -> None:
    module = importlib.import_module("parvis.queue.migrations.0006_order_earlier_visits")
    module.give_legs(apps, SimpleNamespace(connection=connection))


def legs() -> list[Any]:
    return list(Leg.objects.order_by("ticket_id", "position").values_list(*COLUMNS))


@pytest.fixture
def hall() -> Any:
    """One who was served, one sent on and served, one sent on by mistake, one waiting, two gone."""
    site = town_hall()
    other = TopicFactory.create(authority=site.authority, slug="cantine")
    desk = desk_of(site)
    usual = desk.topics.get()
    desk.topics.add(other)
    agent = ines(authority=site.authority)
    actions.sit_down(desk, agent=agent, now=at(0))
    for minute in range(1, 7):
        actions.issue_ticket(site, usual, now=at(minute), source="kiosk")

    def received(minute: int) -> Ticket:
        called = actions.call_next(desk, agent=agent, now=at(minute))
        assert called is not None
        return actions.start(called.ticket, agent=agent, now=at(minute, 20))

    actions.finish(received(10), agent=agent, now=at(15), outcome="resolved")
    actions.transfer(received(16), agent=agent, now=at(18), topic=other)
    actions.finish(received(19), agent=agent, now=at(24), outcome="passed_on")
    actions.transfer(received(25), agent=agent, now=at(26), topic=other)
    actions.undo_last(desk, agent=agent, now=at(26, 5))
    actions.finish(Ticket.objects.get(state="serving"), agent=agent, now=at(28), outcome="resolved")
    absent = actions.call_next(desk, agent=agent, now=at(30))
    assert absent is not None
    actions.mark_no_show(absent.ticket, agent=agent, now=at(33))
    actions.leave(Ticket.objects.filter(state="waiting").earliest("id"), now=at(40))
    return site


def test_earlier_visits_get_the_legs_that_are_written_today(hall: Any):
    written = legs()
    Leg.objects.all().delete()

    upgrade()

    assert legs() == written
    assert [ended_by for *_rest, ended_by, _outcome in written] == [
        "finished", "transferred", "finished", "finished", "no_show", "left", "",
    ]  # fmt: skip


def test_a_second_run_and_visits_of_today_are_left_alone(hall: Any):
    written = legs()
    Leg.objects.filter(ticket=Ticket.objects.earliest("id")).delete()

    upgrade()
    upgrade()

    assert legs() == written


def test_desk_agent_and_contact_go_with_the_leg_that_they_ended(hall: Any):
    columns = ("ticket_id", "position", "desk_id", "agent_id", "contact_id")
    ended = Leg.objects.filter(ended_at__isnull=False).order_by("ticket_id", "position")
    written = list(ended.values_list(*columns))
    Leg.objects.all().delete()

    upgrade()

    assert list(ended.values_list(*columns)) == written
