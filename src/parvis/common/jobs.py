"""Whether anybody runs the background jobs, told by what became of them."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django_tasks_db.models import DBTaskResult, get_date_max

# A worker takes what is due within seconds.
LATE: Final = timedelta(minutes=5)
# A job still "running" after this long belonged to a worker that was killed: it runs again,
# which is why every job is written to be safe when run twice.
STUCK_AFTER: Final = timedelta(minutes=15)


def nobody_works(now: datetime) -> bool:
    """Whether a job is long due and no worker took, ended or still has one."""
    limit = now - LATE
    at_once = Q(run_after=get_date_max(), enqueued_at__lt=limit)
    due = DBTaskResult.objects.filter(at_once | Q(run_after__lt=limit), status="READY")
    if not due.exists():
        return False
    done = Q(started_at__gt=limit) | Q(finished_at__gt=limit)
    at_it = Q(status="RUNNING", started_at__gt=now - STUCK_AFTER)
    return not DBTaskResult.objects.filter(done | at_it).exists()


def requeue_stuck(now: datetime) -> int:
    """Give jobs of a killed worker back to the queue; returns how many."""
    stuck = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=now - STUCK_AFTER)
    return int(stuck.update(status="READY", started_at=None))
