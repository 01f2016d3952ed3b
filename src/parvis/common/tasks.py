"""Jobs of the plumbing: each safe to run twice."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from parvis.common import erasing, gateways, idempotency
from parvis.common.models import OutgoingText, Throttle
from parvis.common.schedule import regularly

KEEP_DONE_JOBS = timedelta(days=7)
KEEP_TEXTS = timedelta(days=30)  # without number and words


@task()
def write_database_anew() -> None:
    """Leave no trace of what was erased between the rows that stay."""
    erasing.scrub_database()


@regularly
@task()
def housekeeping() -> dict[str, int]:
    """Forget what nobody can use any more: old keys, empty buckets, dead sessions, done jobs."""
    now = timezone.now()
    done = DBTaskResult.objects.filter(finished_at__lt=now - KEEP_DONE_JOBS)
    return {
        "keys": idempotency.forget_old(now=now),
        "throttles": Throttle.objects.filter(updated_at__lt=now - timedelta(days=2)).delete()[0],
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "jobs": done.delete()[0],
        "texts": OutgoingText.objects.filter(ended_at__lt=now - KEEP_TEXTS).delete()[0],
    }


@task()
def deliver_mail(to: str, subject: str, text: str, reply_to: str, message_id: str) -> None:
    """Hand one mail to the mail server; the Message-ID lets a second try be recognised."""
    EmailMessage(
        subject,
        text,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    ).send()


@regularly
@task()
def deliver_texts() -> int:
    """Hand over the text messages whose time has come; each that must be tried again comes back."""
    now = timezone.now()
    tried = [row for pk in gateways.due(now) if (row := gateways.deliver(pk, now=now))]
    again = [row.next_at for row in tried if row.state == OutgoingText.State.WAITING]
    if again:
        deliver_texts.using(run_after=min(again)).enqueue()
    return len(tried)
