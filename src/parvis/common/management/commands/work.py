"""``parvis work``: background jobs and what has to be done every so often."""

import logging
import os
import threading
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.common import schedule
from parvis.common.processes import die_with_parent

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
# A job still "running" after this long belonged to a worker that was killed: it runs again,
# which is why every job is written to be safe when run twice.
STUCK_AFTER = timedelta(minutes=15)


class Command(BaseCommand):
    help = "Run background jobs and schedules until stopped."

    def handle(self, **options: Any) -> None:
        if os.environ.get("PARVIS_SUPERVISED"):
            die_with_parent()
        stop = threading.Event()
        threading.Thread(target=_schedule, args=(stop,), daemon=True).start()
        try:
            call_command("db_worker", queue_name="*", interval=1, reload=False, verbosity=0)
        finally:
            stop.set()


def _schedule(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            requeue_stuck()
            for job in schedule.jobs():
                job.enqueue()
        except DatabaseError:
            log.exception("the schedule could not reach the database; it tries again")
        finally:
            close_old_connections()
        stop.wait(EVERY.total_seconds())


def requeue_stuck() -> int:
    """Give jobs of a killed worker back to the queue; returns how many."""
    limit = timezone.now() - STUCK_AFTER
    stuck = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=limit)
    return int(stuck.update(status="READY", started_at=None))
