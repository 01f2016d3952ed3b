from datetime import date, timedelta

import pytest

from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from parvis.quality import actions, queries
from parvis.quality.models import Goal
from parvis.quality.queries import Perimeter
from tests.accounts.factories import marc, rozenn
from tests.organisations.factories import SiteFactory
from tests.quality.factories import at

pytestmark = pytest.mark.django_db


def test_a_goal_holds_from_the_day_on_which_it_was_decided():
    head = marc()
    authority = head.authority
    actions.set_goals(authority, {"CSAT": 0.9}, actor=head, now=at(2))
    actions.set_goals(authority, {"CSAT": 0.8}, actor=head, now=at(20))

    assert queries.goals_on(authority, date(2026, 3, 1)) == {}
    assert queries.goals_on(authority, date(2026, 3, 19)) == {"CSAT": 0.9}
    assert queries.goals_on(authority, date(2026, 3, 20)) == {"CSAT": 0.8}
    assert queries.goals_on(rozenn().authority, date(2026, 3, 20)) == {}


def test_lifting_a_goal_is_written_down_and_keeps_the_past():
    head = marc()
    actions.set_goals(head.authority, {"CSAT": 0.9}, actor=head, now=at(2))
    (lifted,) = actions.set_goals(head.authority, {"CSAT": None}, actor=head, now=at(5))

    assert queries.goals_on(head.authority, date(2026, 3, 5)) == {}
    assert queries.goals_on(head.authority, date(2026, 3, 4)) == {"CSAT": 0.9}
    entry = journal.of(lifted).get()
    assert (entry.verb, entry.data) == (
        "quality.goal_set",
        {"code": "CSAT", "before": 0.9, "value": None},
    )


def test_a_goal_that_stays_writes_nothing():
    head = marc()
    actions.set_goals(head.authority, {"CSAT": 0.9}, actor=head, now=at(2))

    changed = actions.set_goals(head.authority, {"CSAT": 0.9, "FCR-N": None}, actor=head, now=at(9))

    assert changed == []
    assert Goal.objects.count() == 1


def test_changing_ones_mind_the_same_day_leaves_one_goal():
    head = marc()
    for value in (0.9, 0.7):
        actions.set_goals(head.authority, {"CSAT": value}, actor=head, now=at(2))

    assert Goal.objects.get().value == 0.7


def test_the_day_of_a_goal_is_that_of_the_place():
    head = marc()
    SiteFactory.create(authority=head.authority, timezone="Indian/Reunion")

    (goal,) = actions.set_goals(
        head.authority, {"CSAT": 0.9}, actor=head, now=at(2, 23) + timedelta(minutes=30)
    )

    assert goal.since == date(2026, 3, 3)


@pytest.mark.parametrize("goals", [{"CSAT": 1.2}, {"CSAT": -0.1}, {"WAIT-P50": 0.5}])
def test_what_cannot_be_a_goal_is_refused(goals: dict[str, float | None]):
    head = marc()

    with pytest.raises(Refused):
        actions.set_goals(head.authority, goals, actor=head, now=at(2))


def test_taking_figures_away_is_written_down():
    head = marc()
    perimeter = Perimeter(
        head.authority, date(2026, 3, 1), date(2026, 3, 31), site=SiteFactory.create()
    )

    actions.note_export(perimeter, "contacts", actor=head)

    entry = JournalEntry.objects.get(verb="quality.exported")
    assert entry.data["what"] == "contacts"
    assert entry.data["first"] == "2026-03-01"
