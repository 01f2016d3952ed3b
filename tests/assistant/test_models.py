"""What the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from parvis.assistant.models import Conversation, Handover, Setup, Turn
from tests.accounts.factories import ines
from tests.assistant.factories import NOON, asked, waiting
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


def test_what_was_said_is_never_changed():
    turn = Turn.objects.get(conversation=asked())

    with pytest.raises(DatabaseError), transaction.atomic():
        Turn.objects.filter(pk=turn.pk).update(text="something else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Turn.objects.filter(pk=turn.pk).delete()


def test_two_turns_never_have_the_same_number():
    conversation = asked()

    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.create(
            conversation=conversation, number=1, author="assistant", at=NOON, kind="none"
        )


def test_what_an_agent_said_bears_their_name():
    conversation = asked()

    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.create(
            conversation=conversation, number=2, author="agent", at=NOON, kind="message"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.create(
            conversation=conversation, number=2, author="house", agent=ines(), at=NOON,
            kind="announcement",
        )  # fmt: skip


def test_a_conversation_waits_for_one_person_at_a_time():
    first = waiting()

    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(conversation=first.conversation, way="message", asked_at=NOON)
    Handover.objects.filter(pk=first.pk).update(state="given_up", ended_at=NOON)

    assert Handover.objects.create(conversation=first.conversation, way="message", asked_at=NOON)


def test_a_hand_over_is_taken_by_somebody_and_ends_at_an_hour():
    row = waiting()

    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=row.pk).update(state="taken")
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=row.pk).update(state="missed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_at": NOON - timedelta(minutes=1)},
        {"helped": True},
        {"verdict": "right"},
    ],
    ids=["time runs backward", "helped at no hour", "reviewed by nobody"],
)
def test_a_conversation_is_whole(wrong):
    conversation = asked()

    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(**wrong)


def test_a_threshold_is_a_share():
    with pytest.raises(IntegrityError), transaction.atomic():
        Setup.objects.create(authority=AuthorityFactory.create(), threshold=1.5)
