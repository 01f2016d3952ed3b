"""Choosing a place opens the desk there; going away closes it and loses nobody."""

from datetime import timedelta

import pytest

from parvis.accounts import actions as accounts
from parvis.common.errors import Refused
from parvis.queue import actions as hall
from parvis.queue.models import DeskSession
from parvis.web import actions
from tests.accounts.factories import marc
from tests.queue.factories import desk_of
from tests.web.scenes import Scene
from tests.web.scenes import hall as a_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return a_hall()


def sitting() -> dict[str, str]:
    open_now = DeskSession.objects.filter(closed_at=None)
    return {session.desk.name: session.agent.username for session in open_now}


def test_choosing_another_desk_moves_the_agent(scene: Scene):
    other = desk_of(scene.site, "Guichet 2")

    accounts.choose_desk(other, agent=scene.agent, now=scene.now)

    assert sitting() == {"Guichet 2": "ines.rollin"}


def test_working_without_a_desk_closes_the_one_before(scene: Scene):
    accounts.leave_desk(agent=scene.agent, now=scene.now)

    assert sitting() == {}


def test_a_desk_where_a_colleague_receives_is_not_taken_by_chance(scene: Scene):
    colleague = marc(authority=scene.site.authority)

    with pytest.raises(Refused, match="Inès Rollin"):
        accounts.choose_desk(scene.desk, agent=colleague, now=scene.now)

    assert sitting() == {"Guichet 1": "ines.rollin"}


def test_a_colleague_who_takes_over_finds_the_visitor_on_hold(scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    colleague = marc(authority=scene.site.authority)

    accounts.choose_desk(scene.desk, agent=colleague, now=scene.now, take_over=True)
    hall.resume(ticket, agent=colleague, now=scene.now)

    ticket.refresh_from_db()
    assert sitting() == {"Guichet 1": "marc.abgrall"}
    assert (ticket.state, ticket.agent) == ("called", colleague)


def test_somebody_who_does_not_receive_opens_no_desk(scene: Scene):
    quality = marc(authority=scene.site.authority, roles=["QUA"])
    other = desk_of(scene.site, "Guichet 2")

    actions.take_place(quality.pk, other.pk, now=scene.now)

    assert sitting() == {"Guichet 1": "ines.rollin"}


def test_leaving_twice_is_leaving_once(scene: Scene):
    for _again in range(2):
        actions.leave_place(scene.agent.pk, now=scene.now)

    assert sitting() == {}


def test_signing_out_closes_the_desk_and_keeps_the_visitor(scene: Scene):
    scene.waits()
    ticket = scene.at_desk()

    accounts.sign_out(agent=scene.agent, now=scene.now + timedelta(seconds=1))

    ticket.refresh_from_db()
    assert ticket.state == "held"
    assert not DeskSession.objects.filter(closed_at=None).exists()
