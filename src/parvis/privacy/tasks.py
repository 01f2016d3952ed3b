"""Jobs of the room: each safe to run twice, and to be killed in the middle."""

from django.utils import timezone
from django_tasks import task

from parvis.common import erasing
from parvis.common.schedule import regularly
from parvis.privacy import actions, rules
from parvis.privacy.models import Slip


@regularly
@task()
def carry_out_slips() -> int:
    """Go on with the eliminations that were started, and leave no trace of what went."""
    now, done = timezone.now(), 0
    for slip in Slip.objects.filter(state=rules.RUNNING).order_by("pk"):
        while some := actions.carry_out(slip, now=now):
            done += some
    if done:
        erasing.scrub_database()
    return done


@regularly
@task()
def apply_terms() -> dict[str, int]:
    """Restrict what is out of daily use, empty what has come to its term, sweep the store."""
    now = timezone.now()
    return {
        "archived": actions.settle_phases(now=now),
        "emptied": actions.empty_aged(now=now),
        "files": erasing.sweep_files(now=now),
    }
