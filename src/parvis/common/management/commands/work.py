"""``parvis work``: background jobs and what has to be done every so often."""

import logging
import os
import threading
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from parvis.common import jobs, schedule
from parvis.common.processes import die_with_parent

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
EVERY_AFTER_OUTAGE = timedelta(seconds=30)
PAUSES = (1.0, 30.0)  # seconds, growing, before a database that failed is asked again
STEADY = 60.0  # seconds of work after which the next pause is short again


class Command(BaseCommand):
    help = "Run background jobs and schedules until stopped."

    def handle(self, **options: Any) -> None:
        if os.environ.get("PARVIS_SUPERVISED"):
            die_with_parent()
        stop = threading.Event()
        threading.Thread(target=_schedule, args=(stop,), daemon=True).start()
        try:
            _work_through_outages()
        finally:
            stop.set()


def _work_through_outages() -> None:
    """Run jobs until told to stop; a database that is locked, full or away is waited for."""
    least, most = PAUSES
    pause = least
    while True:
        began = time.monotonic()
        try:
            call_command("db_worker", queue_name="*", interval=1, reload=False, verbosity=0)
            return
        except Error as error:
            if time.monotonic() - began > STEADY:
                pause = least
            log.error("jobs go on in %s s, the database failed: %s", pause, error)
        with suppress(Error):
            connection.close()
        time.sleep(pause)
        pause = min(2 * pause, most)


def _schedule(stop: threading.Event) -> None:
    while not stop.is_set():
        wait = EVERY
        try:
            jobs.requeue_stuck(timezone.now())
            for job in schedule.jobs():
                job.enqueue()
        except Error:
            log.exception("the schedule could not reach the database; it tries again")
            wait = EVERY_AFTER_OUTAGE
        finally:
            close_old_connections()
        stop.wait(wait.total_seconds())
