from datetime import UTC, datetime, timedelta

import pytest

from parvis.contacts import actions, queries
from tests.accounts.factories import ines, rozenn
from tests.organisations.factories import TopicFactory

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_the_log_is_newest_first_and_never_anybody_elses():
    agent, stranger = ines(), rozenn()
    for number in range(3):
        at = NINE + timedelta(minutes=number)
        actions.log_contact(
            authority=agent.authority,
            topic=TopicFactory(authority=agent.authority),
            channel="phone",
            outcome="passed_on",
            started_at=at,
            ended_at=at,
            now=at,
            agent=agent,
        )

    mine = queries.log(agent, queries.Filters(), zone="Europe/Paris")
    hers = queries.log(stranger, queries.Filters(), zone="Europe/Paris")

    times = [contact.started_at for contact in mine.contacts]
    assert times == sorted(times, reverse=True)
    assert len(times) == 3
    assert list(hers.contacts) == []
