from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.common import schedule
from parvis.common.management.commands import work
from parvis.common.models import IdempotencyKey
from parvis.common.tasks import housekeeping


def test_every_room_names_its_regular_jobs():
    names = {job.name for job in schedule.jobs()}

    assert {"housekeeping", "end_forgotten_tickets"} <= names


@pytest.mark.django_db(transaction=True)
def test_a_job_is_a_row_that_a_worker_runs():
    old = timezone.now() - timedelta(days=3)
    IdempotencyKey.objects.create(scope="api:x", key="k", fingerprint="", created_at=old)
    housekeeping.enqueue()

    call_command("db_worker", batch=True, verbosity=0, startup_delay=False, reload=False)

    assert IdempotencyKey.objects.count() == 0
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db
def test_a_job_of_a_killed_worker_runs_again():
    housekeeping.enqueue()
    long_ago = timezone.now() - timedelta(hours=1)
    DBTaskResult.objects.update(status="RUNNING", started_at=long_ago)

    assert work.requeue_stuck() == 1

    assert DBTaskResult.objects.get().status == "READY"
