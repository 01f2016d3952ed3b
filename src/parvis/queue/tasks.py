"""Jobs of the hall."""

from django.utils import timezone
from django_tasks import task

from parvis.common.schedule import regularly
from parvis.organisations.models import Site
from parvis.queue import actions


@regularly
@task()
def end_forgotten_tickets() -> int:
    """End the tickets that a day left open, at every site, so that tomorrow starts afresh."""
    now = timezone.now()
    return sum(actions.close_forgotten(site, now=now) for site in Site.objects.all())


@regularly
@task()
def forget_talk_of_yesterday() -> int:
    """Delete what colleagues said to each other more than a day ago."""
    return actions.forget_talk(now=timezone.now())


@regularly
@task()
def release_stranded_people() -> int:
    """Give back to the line, at every site, who is kept for somebody that is gone."""
    now = timezone.now()
    return sum(actions.release_stranded(site, now=now) for site in Site.objects.all())


@regularly
@task()
def give_up_old_slips() -> int:
    """Throw away what no printer printed in time, with the address of the ticket on it."""
    return actions.drop_old(now=timezone.now())
