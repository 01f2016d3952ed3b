"""What has to be done every so often: rooms name their jobs, ``parvis work`` enqueues them."""

from typing import Any

_jobs: list[Any] = []


def regularly(job: Any) -> Any:
    """Have this job enqueued every ten minutes; it must be safe to run twice (decorator)."""
    if job not in _jobs:
        _jobs.append(job)
    return job


def jobs() -> list[Any]:
    """Every job that was named, in the order of the rooms."""
    return list(_jobs)
