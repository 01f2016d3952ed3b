from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.cases import actions
from parvis.contacts.models import Person
from parvis.mail.models import OutgoingMail
from tests.accounts.factories import AgentFactory
from tests.organisations.factories import TopicFactory


def opened(**kwargs: Any) -> Any:
    topic = TopicFactory()
    AgentFactory(username="lena.marzin", roles=["REF"], service=topic.service)
    person = Person.objects.create(authority=topic.authority, email="jeanne@example.org", **kwargs)
    return actions.open_case(
        topic=topic,
        channel="web",
        description="Une copie d’acte.",
        now=timezone.now(),
        person=person,
    )


@pytest.mark.django_db(transaction=True)
def test_the_receipt_names_a_person_and_a_service_that_can_be_answered():
    case, secret = (made := opened()).case, made.secret

    call_command("db_worker", batch=True, verbosity=0, startup_delay=False, reload=False)

    [message] = mail.outbox
    assert message.to == ["jeanne@example.org"]
    assert message.reply_to == [case.service.email]
    assert case.service.label in message.body
    assert "Inès Rollin" in message.body
    assert secret not in message.body


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_when_the_case_was_not_opened_after_all():
    with transaction.atomic():
        opened()
        transaction.set_rollback(True)

    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db
def test_the_receipt_speaks_the_language_of_the_person():
    opened(language="en")

    assert "is registered" in OutgoingMail.objects.get().subject
