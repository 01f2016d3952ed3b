"""Jobs of the know-how."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from parvis.common.schedule import regularly
from parvis.knowledge import actions
from parvis.knowledge.dila import working
from parvis.knowledge.models import ImportRun

STRANDED_AFTER = timedelta(minutes=5)


@task()
def run_import(run_id: int) -> dict[str, int]:
    """Take in an edition that was asked for; safe to run twice and after a kill -9."""
    report = working.in_background(run_id, clock=timezone.now)
    return {result.value: n for result, n in report.counts.items()} if report else {}


@regularly
@task()
def resume_imports() -> int:
    """Go on with imports whose worker is gone."""
    stranded = ImportRun.objects.filter(
        state=ImportRun.State.RUNNING,
        seen_at__lt=timezone.now() - STRANDED_AFTER,
    ).exclude(origin=ImportRun.Origin.PATH)
    for run_id in stranded.values_list("pk", flat=True):
        run_import.enqueue(run_id)
    return len(stranded)


@regularly
@task()
def import_of_the_day() -> int:
    """Fetch the national set at its hour, and tell who must know when that failed."""
    run = actions.ask_due(now=timezone.now())
    if run is not None:
        run_import.enqueue(run.pk)
    return actions.tell_failures(now=timezone.now())


@regularly
@task()
def remind_of_checks() -> int:
    """Tell the keepers of sheets, once a week, what is late or soon due."""
    return actions.send_digests(now=timezone.now())


@regularly
@task()
def tell_editors() -> int:
    """Tell the editors, once a week, what waits between authorities."""
    return actions.tell_editors(now=timezone.now())


@regularly
@task()
def forget_searches() -> int:
    """Searches older than ninety days are deleted."""
    return actions.forget_searches(today=timezone.localdate())


@regularly
@task()
def forget_copies() -> int:
    """Copies of texts that ended long ago are deleted; versions stay."""
    return actions.forget_copies(now=timezone.now())
