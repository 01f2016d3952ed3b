"""What holds for every test: no network, and tables that can be emptied between tests."""

import socket
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from whitenoise.middleware import WhiteNoiseMiddleware

from tests.support import guards, prepared


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What makes whole demo towns begins first: at the end it would keep one process alone."""
    items.sort(key=lambda item: item.path.name != "test_command.py")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The database of the tests is a copy of one that was migrated once for all processes."""
    prepared.give_to(connection.creation)


@pytest.fixture(scope="session")
def _indexes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexes")


@pytest.fixture(autouse=True)
def _own_index(settings: Any, _indexes: Path) -> None:
    """Every test begins without an index: that of another may have the same number of changes."""
    settings.SEARCH_INDEX = _indexes / uuid4().hex


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine may be spoken to."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {
            "127.0.0.1",
            "::1",
            "localhost",
        }:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _guards(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """What Django lets pass is a failure here."""
    guards.shuffle_what_has_no_order(monkeypatch, request.node.nodeid)
    guards.refuse_faulty_pages(monkeypatch)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> None:
    """Every client of every test would look through all folders of static files again."""
    listing: Any = WhiteNoiseMiddleware.add_files_from_finders
    known: dict[str, Any] = {}

    def listed(self: WhiteNoiseMiddleware) -> None:
        if not known:
            listing(self)
            known.update(self.files)
        self.files.update(known)

    WhiteNoiseMiddleware.add_files_from_finders = listed


@pytest.fixture(autouse=True)
def _language_of_the_house() -> None:
    """A reader's language, once activated, stays with the thread: no test inherits another's."""
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_append_only_triggers() -> None:
    """Django empties SQLite tables by DELETE after a transactional test; our triggers forbid it."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_triggers(self: TransactionTestCase) -> None:
        if connection.vendor != "sqlite":
            flush(self)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(self)
            for _name, sql in triggers:
                cursor.execute(sql)

    TransactionTestCase._fixture_teardown = without_triggers  # type: ignore[attr-defined]
