"""Jobs of the room: each safe to run twice, and after a kill -9."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from parvis.common.schedule import regularly
from parvis.mail import actions, fetching, posting

ASK_AGAIN = timedelta(seconds=30)


def _is_planned(name: str, *, now: datetime, until: datetime) -> bool:
    """Does a job of this name wait for its time already?"""
    ahead = DBTaskResult.objects.filter(task_path=f"parvis.mail.tasks.{name}", status="READY")
    return ahead.filter(run_after__gt=now, run_after__lte=max(until, now + ASK_AGAIN)).exists()


@task()
def read_mail(mail_id: int) -> bool:
    """Read a message in a process of its own and bring it to its place."""
    return actions.read_one(mail_id, now=timezone.now())


@regularly
@task()
def read_mails() -> int:
    """Read what a lost job left unread."""
    return actions.read_due(now=timezone.now())


@regularly
@task()
def deliver_mails() -> int:
    """Hand over what is owed by mail; what must be tried again comes back at its time."""
    now = timezone.now()
    actions.release_held(now=now)
    tried = posting.deliver_due(now=now)
    again = tried.again_at
    # One job waits for the next try, however many messages do: a server that is down for a day
    # must not be asked by each of them.
    if again is not None and not _is_planned("deliver_mails", now=now, until=again):
        deliver_mails.using(run_after=max(again, now + ASK_AGAIN)).enqueue()
    return tried.count


@regularly
@task()
def fetch_mails() -> int:
    """Fetch from the mailboxes on mail servers, and come back after the pause that is set."""
    now = timezone.now()
    count = fetching.fetch_all(now=now)
    again = fetching.next_at(now)
    if again is not None:
        fetch_mails.using(run_after=again).enqueue()
    return count


@regularly
@task()
def forget_mails() -> int:
    """Empty what of sent messages nobody needs any more."""
    return posting.forget(now=timezone.now())
