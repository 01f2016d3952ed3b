from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.cases import actions, queries
from parvis.cases.models import Case
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


@pytest.mark.django_db
def test_a_receipt_that_left_by_itself_was_sent_by_the_house():
    case = opened().case

    lines = queries.timeline(case, for_person=True, on=timezone.localdate())

    [sent] = [line for line in lines if "accusé" in line.text]
    assert sent.actor == str(case.authority)


@pytest.mark.django_db
def test_a_receipt_that_waited_for_a_name_leaves_with_it_and_nothing_is_told_twice():
    topic = TopicFactory()
    person = Person.objects.create(authority=topic.authority, email="jeanne@example.org")
    case = actions.open_case(
        topic=topic, channel="web", description="Une copie.", now=timezone.now(), person=person
    ).case
    assert not OutgoingMail.objects.exists()
    lena = AgentFactory(username="lena.marzin", roles=["REF"], service=case.service)

    actions.assign(case, agent=lena, now=timezone.now(), referent=lena)

    assert [row.kind for row in OutgoingMail.objects.all()] == ["receipt"]
    assert case.entries.filter(kind="receipt").count() == 1


@pytest.mark.django_db
def test_somebody_who_has_the_receipt_gets_no_other_one():
    case = opened().case
    lena = case.referent
    Case.objects.filter(pk=case.pk).update(referent=None)
    case.refresh_from_db()

    actions.assign(case, agent=lena, now=timezone.now(), referent=lena)

    kinds = sorted(OutgoingMail.objects.values_list("kind", flat=True))
    assert kinds == ["receipt", "referent"]
