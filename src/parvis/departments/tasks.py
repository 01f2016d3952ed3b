"""Jobs of the questions: the clock that asks the next one."""

from django.utils import timezone
from django_tasks import task

from parvis.common.schedule import regularly
from parvis.departments import actions


@task()
def look_at(question_id: int) -> bool:
    """Ask the next one if this one did not answer; safe to run twice and after a kill -9."""
    return actions.look_at(question_id, now=timezone.now())


@regularly
@task()
def look_at_questions() -> int:
    """Look at every open question: what a lost job or a holder who is out left behind."""
    return actions.look_at_due(now=timezone.now())
