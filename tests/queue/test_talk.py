"""Notes of the day, and talk between colleagues of a hall."""

from datetime import timedelta

import pytest

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.organisations.models import Site
from parvis.queue import actions, queries
from parvis.queue.models import HallMessage, HallVersion
from tests.accounts.factories import AgentFactory, ines, marc, rozenn
from tests.organisations.factories import SiteFactory
from tests.queue.factories import MORNING, at, desk_of, town_hall

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def hall() -> Site:
    return town_hall()


@pytest.fixture
def agent(hall: Site) -> Agent:
    """Inès, who works in this hall."""
    return ines(authority=hall.authority, site=hall)


def texts(hall: Site, agent: Agent, minutes: float = 1) -> list[str]:
    return [one.text for one in queries.talk_of(hall, agent, at(minutes)).messages]


def test_a_note_stands_from_its_first_to_its_last_day(hall: Site, agent: Agent):
    first = MORNING.date() + DAY
    actions.write_note(
        hall, "Marché  déplacé", agent=agent, now=MORNING, first_day=first, last_day=first + DAY
    )

    shown = [bool(queries.notes_of_today(hall, MORNING + n * DAY)) for n in range(4)]

    assert shown == [False, True, True, False]
    assert queries.notes_to_come(hall, MORNING).get().text == "Marché déplacé"


def test_without_a_day_a_note_is_for_today(hall: Site, agent: Agent):
    note = actions.write_note(hall, "Imprimante en panne", agent=agent, now=MORNING)

    assert (note.first_day, note.last_day) == (MORNING.date(), MORNING.date())


def test_a_note_that_is_no_longer_true_disappears_and_stays_so(hall: Site, agent: Agent):
    note = actions.write_note(hall, "Imprimante en panne", agent=agent, now=MORNING)

    actions.end_note(note, agent=agent, now=at(5))
    again = actions.end_note(note, agent=agent, now=at(9))

    assert not queries.notes_of_today(hall, at(10))
    assert again.ended_at == at(5)


@pytest.mark.parametrize(
    ("first", "last"), [(2, 1), (-3, -1), (0, 400)], ids=["backwards", "over", "too long"]
)
def test_a_note_without_sense_is_refused(hall: Site, agent: Agent, first: int, last: int):
    today = MORNING.date()
    days = {"first_day": today + first * DAY, "last_day": today + last * DAY}

    with pytest.raises(Refused):
        actions.write_note(hall, "Marché", agent=agent, now=MORNING, **days)


def test_notes_are_written_by_those_who_work_there_and_by_the_manager(hall: Site):
    elsewhere = SiteFactory.create(authority=hall.authority, slug="annexe")
    visitor = AgentFactory(
        authority=hall.authority, site=elsewhere, username="lise", entry__last_name="Kerbrat"
    )
    manager = marc(authority=hall.authority)

    assert queries.may_write_notes(manager, hall)
    assert not queries.may_write_notes(visitor, hall)
    assert not queries.may_write_notes(rozenn(), hall)
    with pytest.raises(Refused, match="hall"):
        actions.write_note(hall, "Marché", agent=visitor, now=MORNING)


def test_whoever_sits_in_the_hall_works_there(hall: Site):
    agent = marc(
        authority=hall.authority, site=SiteFactory.create(authority=hall.authority, slug="annexe")
    )
    actions.sit_down(desk_of(hall), agent=agent, now=MORNING)

    assert queries.may_write_notes(agent, hall)


def test_a_word_to_everybody_is_read_by_everybody_once(hall: Site, agent: Agent):
    colleague = marc(authority=hall.authority)
    actions.say(hall, "Qui a le tampon ?", agent=agent, now=MORNING)

    before = queries.talk_of(hall, colleague, at(1)).unread
    actions.mark_read(hall, agent=colleague, now=at(1))

    assert (before, queries.talk_of(hall, colleague, at(2)).unread) == (1, 0)
    assert queries.talk_of(hall, agent, at(1)).unread == 0


def test_a_word_to_one_colleague_is_nobody_elses(hall: Site, agent: Agent):
    to, other = (
        marc(authority=hall.authority),
        AgentFactory(authority=hall.authority, username="lise", entry__last_name="Kerbrat"),
    )
    actions.say(hall, "Café ?", agent=agent, now=MORNING, to=to)

    assert texts(hall, to) == texts(hall, agent) == ["Café ?"]
    assert texts(hall, other) == []


def test_reading_what_others_may_read_marks_nothing_of_the_rest(hall: Site, agent: Agent):
    colleague = marc(authority=hall.authority)
    actions.say(hall, "Pour tous", agent=agent, now=MORNING)
    actions.mark_read(hall, agent=colleague, now=at(1))
    actions.say(hall, "Encore", agent=agent, now=at(2))

    assert queries.talk_of(hall, colleague, at(3)).unread == 1


def test_talk_is_kept_for_a_day(hall: Site, agent: Agent):
    actions.say(hall, "Hier", agent=agent, now=MORNING - DAY - timedelta(minutes=1))
    actions.say(hall, "Ce matin", agent=agent, now=MORNING)

    assert texts(hall, agent) == ["Ce matin"]
    assert actions.forget_talk(now=at(1)) == 1
    assert HallMessage.objects.get().text == "Ce matin"


def test_talk_wakes_the_desks(hall: Site, agent: Agent):
    actions.say(hall, "Bonjour", agent=agent, now=MORNING)

    assert HallVersion.objects.get(site=hall).number == 1


@pytest.mark.parametrize("text", ["", "  \0 ", "a" * 301])
def test_nothing_and_too_much_are_refused(hall: Site, agent: Agent, text: str):
    with pytest.raises(Refused):
        actions.say(hall, text, agent=agent, now=MORNING)


def test_nobody_talks_in_the_hall_of_another_authority(hall: Site, agent: Agent):
    stranger = rozenn()

    with pytest.raises(Refused):
        actions.say(hall, "Bonjour", agent=stranger, now=MORNING)
    with pytest.raises(Refused):
        actions.say(hall, "Bonjour", agent=agent, now=MORNING, to=stranger)


@pytest.mark.parametrize("messages", [1, 25])
def test_reading_the_talk_costs_the_same_whatever_was_said(
    hall: Site, agent: Agent, messages: int, django_assert_num_queries
):
    for number in range(messages):
        actions.say(hall, f"Mot {number}", agent=agent, now=MORNING)

    with django_assert_num_queries(2):
        [one.author.display_name for one in queries.talk_of(hall, agent, at(1)).messages]
