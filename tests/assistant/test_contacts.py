"""Every conversation in which something was understood is one contact, and never two."""

from collections.abc import Callable
from datetime import datetime

import pytest

from parvis.assistant import actions
from parvis.assistant.actions import contacts, handing, messages
from parvis.assistant.models import Conversation
from parvis.assistant.rules.contacts import QUIET, ending
from parvis.common import personal
from parvis.contacts.models import Contact
from parvis.organisations.models import Topic
from tests.accounts.factories import ines
from tests.assistant.factories import NOON, started
from tests.assistant.house import MINUTE, SECOND, in_line, talking
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import AuthorityFactory, TopicFactory

pytestmark = pytest.mark.django_db
LATER = NOON + QUIET + SECOND


@pytest.fixture
def answered(sure: Callable[..., None]) -> Conversation:
    """The sheet of the copies answered."""
    local_sheet(AuthorityFactory.create(), topics=[TopicFactory.create(slug="copies")])
    sure()
    conversation = started().conversation
    actions.ask(conversation, "copie acte de naissance", now=NOON)
    return conversation


def write_down(now: datetime = LATER) -> int:
    return contacts.write_down_quiet(now=now)


def test_an_answered_conversation_is_one_contact_with_topic_and_sheet(answered: Conversation):
    assert write_down(NOON + MINUTE) == 0
    assert (write_down(), write_down(LATER + MINUTE)) == (1, 0)

    contact = Contact.objects.get()
    assert (contact.channel, contact.outcome, contact.linking) == ("assistant", "resolved", "none")
    assert (contact.topic.slug, contact.agent, contact.person) == ("copies", None, None)
    assert contact.sheets_used.get().version.sheet.ref == "SO-012"
    assert (contact.started_at, contact.ended_at) == (NOON, NOON)
    assert Conversation.objects.get().contact == contact


def test_a_greeting_is_no_contact():
    actions.ask(started().conversation, "bonjour", now=NOON)

    assert (write_down(), Contact.objects.count()) == (0, 0)


def test_without_a_topic_it_counts_under_one_that_is_offered_to_nobody():
    TopicFactory.create()
    for _one in range(2):
        actions.ask(started().conversation, "zzyzx plugh", now=NOON)

    assert write_down() == 2
    topic = Topic.objects.get(slug="assistant")
    assert not topic.is_active
    assert {one.outcome for one in Contact.objects.filter(topic=topic)} == {"abandoned"}


def test_who_goes_on_stays_in_the_same_contact(answered: Conversation):
    write_down()
    again = LATER + MINUTE
    actions.rate(answered, now=again, helped=False)
    write_down(again + QUIET)

    contact = Contact.objects.get()
    assert (contact.outcome, contact.sheets_used.count()) == ("abandoned", 1)


def test_an_agent_who_comes_later_ends_the_same_contact():
    in_line()
    conversation = Conversation.objects.get()
    handing.give_up(conversation, now=NOON)
    Conversation.objects.update(outcome="contained")
    write_down()
    handing.put_in_line(conversation, asked_at=LATER, now=LATER)
    taken = handing.take_next(ines(), now=LATER)
    assert taken is not None

    handing.end(taken, agent=ines(), now=LATER, topic=Topic.objects.get(slug="acte-naissance"),
                outcome="passed_on")  # fmt: skip

    contact = Contact.objects.get()
    assert (contact.agent, contact.outcome, contact.started_at) == (ines(), "passed_on", NOON)
    assert write_down(LATER + 2 * QUIET) == 0


def test_what_was_given_back_is_the_agents_contact():
    taken = talking()
    handing.hand_back(taken, agent=ines(), now=NOON)

    write_down()

    contact = Contact.objects.get()
    assert (contact.agent, contact.outcome) == (ines(), "passed_on")


def test_a_message_after_the_contact_is_its_end(answered: Conversation):
    write_down()

    opened = messages.leave_message(
        answered,
        topic=Topic.objects.get(),
        text="Il manque une page.",
        now=LATER + MINUTE,
        reach=messages.Reach(email="a.legoff@example.org"),
    )

    contact = Contact.objects.get()
    assert (contact.outcome, opened.case.contact) == ("case_opened", contact)
    assert contact.person is not None
    assert (write_down(LATER + 2 * QUIET), Contact.objects.count()) == (0, 1)


def test_an_erased_conversation_is_not_written_down_again(answered: Conversation):
    write_down()
    Conversation.objects.update(contact=None, last_at=LATER + MINUTE)  # as an erasure leaves it

    write_down(LATER + MINUTE + QUIET)

    assert Contact.objects.count() == 1
    assert "logged_at" not in personal_emptied()


def personal_emptied() -> set[str]:
    held = next(one for one in personal.held() if one.model == "assistant.Conversation")
    return set(held.emptied or {})


def test_an_answer_that_did_not_help_settled_nothing():
    assert ending("contained", helped=None, has_case=False) == "resolved"
    assert ending("contained", helped=False, has_case=False) == "abandoned"
    assert ending("contained", helped=False, has_case=True) == "case_opened"
