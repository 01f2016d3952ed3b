from datetime import UTC, datetime

import pytest

from parvis.cases import actions as cases
from parvis.feedback import actions, queries
from tests.accounts.factories import AgentFactory, rozenn
from tests.organisations.factories import TopicFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


def test_a_team_reads_its_thanks_and_nobody_reads_who_earned_most():
    topic = TopicFactory()
    lena = AgentFactory(username="lena", entry=None, roles=["REF"], service=topic.service)
    case = cases.open_case(topic=topic, channel="desk", description="Un acte.", now=NOON).case
    cases.write_to_person(case, agent=lena, now=NOON, text="C’est prêt.")

    actions.thank(case, now=NOON, words="Merci !", may_be_shown=True)

    team = queries.team_thanks(lena, now=NOON)
    assert team.this_year == team.last_30_days == 1
    assert [thanks.words for thanks in team.words] == ["Merci !"]
    assert queries.unseen_thanks(lena) == 1
    assert queries.team_thanks(rozenn(), now=NOON).this_year == 0
