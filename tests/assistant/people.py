"""A conversation from which a request came, what was said in it, and who was fetched."""

from parvis.assistant import actions
from parvis.assistant.models import Conversation, Handover
from parvis.cases.models import Case
from parvis.contacts.models import Person
from tests.cases.factories import NOON


def conversation(person: Person, case: Case) -> None:
    made = actions.start(case.authority, now=NOON).conversation
    Conversation.objects.filter(pk=made.pk).update(case=case)
    actions.say(made, author="person", kind="question", text="q", now=NOON, data={"asked": "q"})
    Handover.objects.create(conversation=made, way="message", asked_at=NOON, note="n")


PLANTED = [conversation]
