"""What is learnt from conversations: only what somebody confirmed or judged."""

from typing import Any

import pytest

from parvis.assistant import actions
from parvis.assistant.models import Conversation
from parvis.assistant.queries.confirmed import confirmed_questions
from tests.accounts.factories import ines
from tests.assistant.factories import NOON, asked, started
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


def answered(slug: str = "orvanne", **changes: Any) -> Conversation:
    """A question that a sheet answered, and what was said of it afterwards."""
    conversation = started(authority=AuthorityFactory.create(slug=slug)).conversation
    asking = "Combien coûte un passeport ?"
    actions.say(conversation, author="person", kind="question", text=asking, now=NOON)
    passages = [{"ref": "SO-012", "quote": "Le passeport coûte 86 euros."}]
    actions.say(
        conversation, author="assistant", kind="answer", now=NOON, data={"passages": passages}
    )
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
    return conversation


def test_an_answer_that_helped_is_a_question_with_its_sheet():
    conversation = answered(helped=True, helped_at=NOON)

    (question,) = confirmed_questions(conversation.authority_id)

    assert question.words == "Combien coûte un passeport ?"
    assert question.expected == {"SO-012"}


def test_an_answer_judged_wrong_is_a_question_without_a_sheet():
    inès = ines()
    judged = {"reviewed_at": NOON, "reviewed_by": inès}
    conversation = answered(helped=True, helped_at=NOON, verdict="wrong", **judged)

    (question,) = confirmed_questions(conversation.authority_id)

    assert question.expected == frozenset()


def test_what_nobody_confirmed_and_what_others_confirmed_teaches_nothing():
    silent = answered()
    answered(helped=False, helped_at=NOON)
    foreign = answered("voisine", helped=True, helped_at=NOON)

    assert confirmed_questions(silent.authority_id) == []
    assert len(confirmed_questions(foreign.authority_id)) == 1


def test_a_conversation_without_an_answer_teaches_nothing():
    conversation = asked()
    Conversation.objects.filter(pk=conversation.pk).update(helped=True, helped_at=NOON)

    assert confirmed_questions(conversation.authority_id) == []
