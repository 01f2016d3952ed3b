"""What lies ready at the desk: the choice, the right colleague, what helped, what is kept."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from parvis.accounts.models import Agent, Presence
from parvis.assistant.actions import suggesting as actions
from parvis.assistant.models import Suggestion
from parvis.assistant.queries import suggested
from parvis.assistant.queries.colleagues import colleague_for
from parvis.assistant.queries.suggesting import suggest
from parvis.assistant.rules import suggesting as rules
from parvis.assistant.rules.suggesting import Candidate, Deed, Why
from parvis.contacts.models import ContactSheet
from parvis.knowledge import search
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Service, Topic
from tests.accounts.factories import ines
from tests.contacts.factories import ContactFactory
from tests.departments.factories import clara, odile
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import AuthorityFactory, ServiceFactory, TopicFactory

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=timezone.get_default_timezone())
FAMILY = {"ref": "SO-021", "title": "Livret de famille perdu", "short_answer": "On le refait ici."}


def order(*candidates: Candidate, is_sure: bool = True) -> list[int]:
    return [one.sheet for one in rules.ranked(candidates, is_sure=is_sure)]


def test_words_with_a_sure_answer_come_before_the_topic():
    said, tied = Candidate(1, words=1.0), Candidate(2, of_topic=True, used=9)

    assert order(tied, said) == [1, 2]
    assert order(tied, said, is_sure=False) == [2, 1]


def test_what_the_editors_put_first_is_first():
    pinned = Candidate(2, words=0.3, is_pinned=True)

    assert order(Candidate(1, words=1.0, of_topic=True), pinned) == [2, 1]


def test_what_helped_others_comes_before_what_did_not():
    best, _other = rules.ranked([Candidate(1, of_topic=True), Candidate(2, of_topic=True, used=3)])

    assert (best.sheet, best.whys) == (2, (Why.TOPIC, Why.USED))
    assert rules.ranked([Candidate(1, used=2)]) == []  # twice may be chance


def test_three_at_most_and_each_with_a_reason():
    assert order(*[Candidate(pk, of_topic=True) for pk in range(9)]) == [0, 1, 2]


def test_fewer_than_five_give_no_share():
    assert rules.share(3, 4) is None
    told = rules.share(3, 5)
    assert told is not None
    assert (told.percent, told.low < 60 < told.high) == (60, True)


@pytest.fixture
def agent(db: None) -> Agent:
    return Agent.objects.with_rights().get(pk=ines().pk)


@pytest.fixture
def topic(agent: Agent) -> Topic:
    return TopicFactory.create(authority=agent.authority)


def tied(topic: Topic, **changes: Any) -> Sheet:
    sheet = local_sheet(**changes)
    sheet.topics.add(topic)
    return sheet


def used_with(topic: Topic, sheet: Sheet, times: int = 3, **changes: Any) -> None:
    for _time in range(times):
        contact = ContactFactory.create(
            topic=topic, started_at=NOON - timedelta(days=2), ended_at=NOON, **changes
        )
        ContactSheet.objects.create(contact=contact, version=sheet.current)


def test_the_sheets_of_the_topic_lie_ready_and_say_why(agent: Agent, topic: Topic):
    tied(topic)
    family = tied(topic, **FAMILY)
    used_with(topic, family)

    with translation.override("en"):
        found = suggest(agent, topic=topic, now=NOON)
        because = [one.because for one in found.proposals]

    assert [one.sheet.ref for one in found.proposals] == ["SO-021", "SO-012"]
    assert because == [
        ["sheet of this topic", "helped 3 times for this topic lately"],
        ["sheet of this topic"],
    ]


def test_a_sheet_that_helped_lies_ready_although_nobody_tied_it(agent: Agent, topic: Topic):
    used_with(topic, local_sheet())

    assert [one.whys for one in suggest(agent, topic=topic, now=NOON).proposals] == [(Why.USED,)]


def test_what_was_taken_back_or_is_long_ago_counts_for_nothing(agent: Agent, topic: Topic):
    used_with(topic, local_sheet(), undone_at=NOON)

    assert suggest(agent, topic=topic, now=NOON).proposals == []
    assert suggest(agent, topic=topic, now=NOON + timedelta(days=200)).proposals == []


def test_words_find_sheets_for_colleagues_too_and_mark_them(agent: Agent):
    local_sheet(title="Livret perdu, pour les agents", is_public=False)
    search.rebuild()

    [one] = suggest(agent, topic=None, words="livret perdu", now=NOON).proposals

    assert one.is_inside
    assert Why.WORDS in one.whys


def test_words_that_no_sheet_knows_lay_nothing_ready(agent: Agent, topic: Topic):
    tied(topic)
    search.rebuild()

    assert list(suggest(agent, topic=topic, words="kerouanton", now=NOON).proposals) == []


def test_nothing_of_another_authority_lies_ready(agent: Agent, topic: Topic):
    other = AuthorityFactory.create(slug="brevent", name="Brévent")
    sheet = local_sheet(other, ref="BR-001", title="Copie d’acte à Brévent")
    sheet.topics.add(topic)
    search.rebuild()

    assert list(suggest(agent, topic=topic, now=NOON).proposals) == []
    assert list(suggest(agent, topic=None, words="copie acte brevent", now=NOON).proposals) == []


def test_the_liaison_is_the_right_colleague(agent: Agent):
    service = service_of(clara())

    found = colleague_for(agent, service, now=NOON)

    assert found is not None
    assert (found.name, found.is_here, found.instead_of) == ("Clara Mercadal", True, "")


def test_who_is_out_is_stood_in_for(agent: Agent):
    first = clara()
    deputy = odile()
    Presence.objects.create(agent=first, out_since=NOON - timedelta(hours=1))

    found = colleague_for(agent, service_of(deputy), now=NOON)

    assert found is not None
    assert (found.name, found.is_here, found.instead_of) == (
        "Odile Ancelin", True, "Clara Mercadal",
    )  # fmt: skip


def test_a_service_of_another_authority_is_not_rung(agent: Agent):
    other = AuthorityFactory.create(slug="brevent", name="Brévent")
    elsewhere = ServiceFactory.create(authority=other)

    assert colleague_for(agent, elsewhere, now=NOON) is None


def service_of(colleague: Agent) -> Service:
    assert colleague.service is not None
    return colleague.service


def noted(agent: Agent, topic: Topic | None, **changes: Any) -> Suggestion:
    words = changes.pop("typed", "")
    found = actions.note(
        suggest(agent, topic=topic, words=words, now=NOON),
        **{"agent": agent, "now": NOON, "place": "visit", "occasion": "ticket:1", **changes},
    )
    assert found is not None
    return found


def test_one_visit_is_one_row_until_something_was_taken(agent: Agent, topic: Topic):
    tied(topic)
    family = tied(topic, **FAMILY)
    search.rebuild()

    first = noted(agent, topic)
    again = noted(agent, topic, typed="livret", words="livret")
    actions.did(again, family, Deed.OPENED)
    noted(agent, topic)

    assert first.pk == again.pk
    assert Suggestion.objects.count() == 2


def test_a_sheet_that_was_used_helped_by_deed(agent: Agent, topic: Topic):
    tied(topic)
    family = tied(topic, **FAMILY)
    row = noted(agent, topic)

    actions.did_at(agent.authority_id, "ticket:1", [family], Deed.USED)
    actions.did_at(agent.authority_id, "ticket:1", [family], Deed.OPENED)  # says less

    row.refresh_from_db()
    assert (row.deed, row.position, row.helpful) == ("used", 2, True)


def test_a_sheet_that_was_not_proposed_tells_nothing(agent: Agent, topic: Topic):
    tied(topic)
    row = noted(agent, topic)

    actions.did_at(agent.authority_id, "ticket:1", [local_sheet(**FAMILY)], Deed.USED)

    row.refresh_from_db()
    assert (row.deed, row.helpful) == ("", None)


def test_a_no_outlives_the_opening(agent: Agent, topic: Topic):
    sheet = tied(topic)
    row = noted(agent, topic)

    actions.judge_suggestion(row, helpful=False)
    actions.did(row, sheet, Deed.OPENED)

    row.refresh_from_db()
    assert (row.helpful, row.position) == (False, 1)


def test_words_and_name_go_after_ninety_days(agent: Agent, topic: Topic):
    tied(topic)
    row = noted(agent, topic, words="livret")

    assert actions.forget_words(now=NOON + timedelta(days=89)) == 0
    assert actions.forget_words(now=NOON + timedelta(days=91)) == 1

    row.refresh_from_db()
    assert (row.words, row.agent) == ("", None)
    assert row.proposed


def test_the_figures_count_visits_and_hide_the_few(agent: Agent, topic: Topic):
    first, second = tied(topic), tied(topic, **FAMILY)
    for number, sheet in enumerate([first, first, second, None]):
        row = noted(agent, topic, occasion=f"ticket:{number}")
        if sheet is not None:
            actions.did(row, sheet, Deed.USED)
    noted(agent, topic, occasion="search:1", place="desk")
    month = date(2026, 11, 1)

    assert suggested.figures_of(agent, month).first is None
    noted(agent, topic, occasion="ticket:9")
    told = suggested.figures_of(agent, month)

    assert told.first is not None
    assert told.three is not None
    assert (told.visits, told.first.count, told.three.count, told.useful) == (5, 2, 3, 3)


@pytest.mark.parametrize("sheets", [1, 9])
def test_it_costs_the_same_however_many_sheets(
    agent: Agent, topic: Topic, sheets: int, django_assert_max_num_queries: Any
):
    for number in range(sheets):
        tied(topic, ref=f"SO-{number:03d}")
    service = service_of(clara())

    with django_assert_max_num_queries(5):
        suggest(agent, topic=topic, now=NOON)
        colleague_for(agent, service, now=NOON)
