"""Fixtures of the hall."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connections


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Usual handling times are kept per process; each test starts without."""
    cache.clear()


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads may fight for: SQLite's in memory has other locks than a file."""
    tests = connections["default"]
    if tests.vendor != "sqlite":
        yield
        return
    path = tmp_path / "hall.sqlite3"
    with tests.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    settings = connections.settings["default"]
    connections.settings["default"] = {**settings, "NAME": str(path)}
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = tests
        connections.settings["default"] = settings
