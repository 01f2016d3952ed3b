"""Jobs of the room: each safe to run twice."""

from django.utils import timezone
from django_tasks import task

from parvis.cases import actions
from parvis.common.schedule import regularly


@regularly
@task()
def remind_of_silence() -> int:
    """Tell whoever follows a case, once, that the day is near on which silence counts."""
    return actions.remind(now=timezone.now())


@regularly
@task()
def forget_old_doors() -> int:
    """Delete the keys, codes and devices that open nothing any more."""
    return actions.forget_old_doors(now=timezone.now())
