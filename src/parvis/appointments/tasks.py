"""Jobs of the room: each safe to run twice."""

from django.utils import timezone
from django_tasks import task

from parvis.appointments import actions, posting
from parvis.common.schedule import regularly


@regularly
@task()
def send_due_messages() -> int:
    """Send reminders whose hour has come, and what the mail server refused before."""
    now = timezone.now()
    return sum(posting.deliver(pk, now=now) for pk in posting.due_messages(now))


@regularly
@task()
def settle_appointments() -> int:
    """Mark who did not come, and offer on the earlier slots that nobody answered."""
    now = timezone.now()
    return actions.settle(now=now) + actions.pass_on_expired(now=now)


@regularly
@task()
def forget_past_visitors() -> int:
    """Empty names and addresses of appointments that ended long enough ago."""
    return actions.forget_past(now=timezone.now())
