"""Jobs of the hall."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from parvis.common.schedule import regularly
from parvis.organisations.models import Site
from parvis.queue import actions, queries


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


@task()
def tell_those_near(site_id: int) -> int:
    """Tell those at a site whose turn is near; safe to run twice and at the same time."""
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        return 0
    told = actions.tell_those_near(site, now=timezone.now())
    for alert in told:
        mail_alert.enqueue(alert.pk)
    return len(told)


@task()
def mail_alert(alert_id: int) -> None:
    """Mail one alert, and again a little later if the mail server is in trouble."""
    if actions.mail_alert(alert_id, now=timezone.now()):
        again = timezone.now() + timedelta(minutes=1)
        mail_alert.using(run_after=again).enqueue(alert_id)


@regularly
@task()
def look_after_alerts() -> int:
    """Tell whom no call reminded us of, and forget the addresses that are of no use any more."""
    for site in queries.sites_with_alerts():
        tell_those_near.enqueue(site.pk)
    return actions.forget_addresses(now=timezone.now())


@regularly
@task()
def give_up_old_slips() -> int:
    """Throw away what no printer printed in time, with the address of the ticket on it."""
    return actions.drop_old(now=timezone.now())
