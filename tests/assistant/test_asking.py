"""What takes long is done before the lock; what was said meanwhile is not talked over."""

import pytest
from django.db import connection

from parvis.assistant import actions
from parvis.assistant.models import Conversation, Turn
from parvis.assistant.queries import answering
from parvis.knowledge.models import Searched
from parvis.organisations.models import Authority
from tests.assistant.factories import NOON, started
from tests.knowledge.factories import local_sheet
from tests.queue.test_races import at_once

WORDS = "copie d’acte de naissance"


def meanwhile(monkeypatch, *steps):
    """What happens while the first, the second search goes on."""
    find, left = answering.search.find, list(steps)

    def slow(question, **kwargs):
        if left:
            left.pop(0)()
        return find(question, **kwargs)

    monkeypatch.setattr(answering.search, "find", slow)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_others_write_while_a_search_goes_on(sure, monkeypatch):
    local_sheet()
    sure()
    talk = started().conversation
    seen = []

    def write():
        seen.append(connection.in_atomic_block)
        [written] = at_once(lambda: Authority.objects.update(phone="02 98 00 00 00"))
        seen.append(written)

    meanwhile(monkeypatch, write, write)
    turns = actions.ask(talk, WORDS, now=NOON)
    actions.begin(talk.authority, WORDS, now=NOON)

    assert seen == [False, 1, False, 1]
    assert turns[-1].kind == "answer"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_two_questions_sent_at_once_each_get_their_answer_right_after_it(sure):
    local_sheet()
    sure()
    talk = started().conversation

    def ask():
        return actions.ask(Conversation.objects.get(pk=talk.pk), WORDS, now=NOON)

    at_once(ask, ask)

    said = list(Turn.objects.filter(conversation=talk).order_by("number"))
    assert [turn.author for turn in said] == ["person", "assistant"] * 2
    assert [turn.number for turn in said] == [1, 2, 3, 4]


@pytest.mark.django_db
def test_what_an_agent_said_meanwhile_silences_the_assistant(sure, monkeypatch):
    local_sheet()
    sure()
    talk = started().conversation

    def taken():
        Conversation.objects.update(state=Conversation.State.WITH_AGENT)

    meanwhile(monkeypatch, taken)
    turns = actions.ask(talk, WORDS, now=NOON)

    assert [turn.kind for turn in turns] == ["message"]
    assert not Searched.objects.exists()


@pytest.mark.django_db
def test_a_conversation_that_moves_on_twice_is_refused_in_words(sure, monkeypatch):
    local_sheet()
    sure()
    talk = started().conversation

    def more():
        actions.say(
            Conversation.objects.get(pk=talk.pk),
            author="person",
            kind="question",
            text="Et moi ?",
            now=NOON,
        )

    meanwhile(monkeypatch, more, more)
    with pytest.raises(actions.Moved):
        actions.ask(talk, WORDS, now=NOON)

    assert Turn.objects.count() == 2
