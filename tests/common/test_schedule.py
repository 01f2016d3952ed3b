from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.common import jobs, schedule
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

    assert jobs.requeue_stuck(timezone.now()) == 1

    assert DBTaskResult.objects.get().status == "READY"


def hours_ago(hours: int) -> datetime:
    return timezone.now() - timedelta(hours=hours)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"status": "READY"}, True),
        ({"status": "RUNNING", "started_at": hours_ago(0)}, False),  # busy with a long one
        ({"status": "RUNNING", "started_at": hours_ago(1)}, True),  # and killed since
        ({"status": "SUCCESSFUL", "finished_at": hours_ago(0)}, False),  # catching up
        ({"status": "SUCCESSFUL", "finished_at": hours_ago(1)}, True),
    ],
)
def test_whoever_watches_is_told_when_jobs_are_due_and_nobody_runs_them(
    client, capsys, second, told
):
    housekeeping.enqueue()
    DBTaskResult.objects.update(enqueued_at=hours_ago(2))
    other = housekeeping.enqueue()
    DBTaskResult.objects.filter(pk=other.id).update(**second)

    ready = client.get("/health/ready")
    with suppress(SystemExit):
        call_command("doctor")

    assert ready.status_code == 200
    assert ("nobody runs" in ready.json()["status"]) is told
    assert ("nobody runs" in capsys.readouterr().out) is told


@pytest.mark.django_db
def test_a_job_that_has_time_is_nobodys_fault(client):
    housekeeping.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    DBTaskResult.objects.update(enqueued_at=hours_ago(2))

    assert client.get("/health/ready").json() == {"status": "ok"}


def test_the_worker_goes_on_when_the_database_answers_again(monkeypatch):
    answers = [OperationalError("database is locked"), InterfaceError("gone"), None]

    def run_jobs(*_arguments: Any, **_options: Any) -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    monkeypatch.setattr(work, "call_command", run_jobs)
    monkeypatch.setattr(work, "PAUSES", (0, 0))
    monkeypatch.setattr(work, "connection", mock.Mock())

    work._work_through_outages()

    assert answers == []
