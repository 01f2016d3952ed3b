"""What is taken out of use in the settings while people are in the hall."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from parvis.common.errors import Refused
from parvis.organisations import actions as settings
from parvis.queue import actions
from tests.accounts.factories import AgentFactory, ines
from tests.organisations.factories import SiteFactory
from tests.queue.factories import TicketFactory, at, desk_of, town_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return AgentFactory.create(username="anne.admin", entry=None, roles=["ADM"])


def retired(row, admin, minute: float = 5):
    with override("en"):
        settings.set_in_use(row, False, actor=admin, now=at(minute))
    row.refresh_from_db()
    return not row.is_active


def test_a_hall_with_people_in_it_stays_in_use(admin):
    site = town_hall()
    desk = desk_of(site)
    actions.sit_down(desk, agent=ines(), now=at(0))
    TicketFactory(site=site)
    TicketFactory(site=site, called=True, desk=desk)

    with pytest.raises(Refused) as refusal:
        retired(site, admin)

    assert "waiting: 1, at a desk: 1, desks open: 1" in refusal.value.message
    site.refresh_from_db()
    assert site.is_active


def test_a_hall_with_an_open_desk_stays_in_use(admin):
    site = town_hall()
    actions.sit_down(desk_of(site), agent=ines(), now=at(0))

    with pytest.raises(Refused, match="1 desk is still open"):
        retired(site, admin)


def test_a_hall_may_go_when_everybody_went_home_or_was_forgotten_yesterday(admin):
    site = town_hall()
    actions.sit_down(desk_of(site), agent=ines(), now=at(0) - timedelta(days=1))
    TicketFactory(site=site, issued_at=at(0) - timedelta(days=1))
    TicketFactory(site=SiteFactory(slug="annexe", name="Annexe"))

    assert retired(site, admin)


def test_a_desk_where_somebody_receives_stays_in_use(admin):
    desk = desk_of(town_hall())
    session = actions.sit_down(desk, agent=ines(), now=at(0))

    with pytest.raises(Refused, match="Rollin"):
        retired(desk, admin)
    actions.stand_up(session, agent=ines(), now=at(1))

    assert retired(desk, admin)


def test_a_topic_that_people_wait_for_stays_in_use(admin):
    ticket = TicketFactory()

    with pytest.raises(Refused, match="1 person"):
        retired(ticket.topic, admin)
    actions.leave(ticket, now=at(1))

    assert retired(ticket.topic, admin)
