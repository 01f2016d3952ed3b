from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from parvis.mail import tasks
from parvis.mail.models import OutgoingMail, ReceivedMail
from tests.mail.factories import box, first_mail, odettes_windows, raw

pytestmark = pytest.mark.django_db


def planned(name: str) -> int:
    jobs = DBTaskResult.objects.filter(task_path=f"parvis.mail.tasks.{name}")
    return jobs.filter(run_after__isnull=False).exclude(run_after__year__gt=9000).count()


def test_what_is_owed_is_sent_by_the_job_once(mailoutbox: list[Any]):
    box()
    owed = first_mail(odettes_windows().case)
    OutgoingMail.objects.update(next_at=owed.next_at.replace(year=2020))

    tasks.deliver_mails.call()
    tasks.deliver_mails.call()

    assert len(mailoutbox) == 1


def test_one_job_waits_for_the_next_try_however_often_it_is_asked(settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    box()
    odettes_windows()
    OutgoingMail.objects.update(next_at="2020-01-01T00:00:00Z")

    for _again in range(3):
        tasks.deliver_mails.call()

    assert planned("deliver_mails") == 1


def test_a_kept_message_is_read_by_its_job(tmp_path: Any, settings: Any):
    settings.FILES = tmp_path
    box()
    mail = tasks.actions.keep(raw(), way="lmtp", now=tasks.timezone.now()).mail

    assert tasks.read_mail.call(mail.pk)
    assert not tasks.read_mail.call(mail.pk)
    assert tasks.read_mails.call() == 0
    assert ReceivedMail.objects.get().state == "waiting"
