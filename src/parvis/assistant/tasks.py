"""Jobs of the hand-over: nobody waits for somebody who is gone."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from parvis.assistant.actions import contacts, looking, measuring, suggesting
from parvis.common.schedule import regularly

AGAIN = timedelta(minutes=1)


@task()
def watch(handover_id: int) -> bool:
    """Look after one hand-over, and again in a minute while it is open; safe to run twice."""
    now = timezone.now()
    if is_open := looking.look_at(handover_id, now=now):
        watch.using(run_after=now + AGAIN).enqueue(handover_id)
    return is_open


@regularly
@task()
def look_after_conversations() -> int:
    """Look after every open hand-over: what a lost job left behind."""
    return looking.look_after(now=timezone.now())


@regularly
@task()
def forget_suggested_words() -> int:
    """What agents typed at the desk goes after ninety days; the figures stay."""
    return suggesting.forget_words(now=timezone.now())


@task()
def measure_known(authority_id: int) -> int:
    """Ask the known questions of an authority again, for its curve."""
    return measuring.measure_known(authority_id, now=timezone.now())


@regularly
@task()
def write_down_conversations() -> int:
    """Write down as contacts the conversations that fell silent; safe to run twice."""
    return contacts.write_down_quiet(now=timezone.now())
