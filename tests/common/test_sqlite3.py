import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from parvis.common import database
from parvis.common.sqlite3.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_of(tmp_path: Path) -> dict[str, Any]:
    settings = database.from_url("sqlite://", home=tmp_path)
    settings |= {
        "AUTOCOMMIT": True,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
    }
    settings["OPTIONS"]["timeout"] = 0.5
    with sqlite3.connect(settings["NAME"]) as plain:
        plain.execute("PRAGMA journal_mode=WAL")
    plain.close()
    return settings


@pytest.fixture
def connect(settings_of: dict[str, Any]) -> Iterator[Any]:
    made: list[DatabaseWrapper] = []

    def new() -> DatabaseWrapper:
        made.append(DatabaseWrapper(settings_of, alias=f"one{len(made)}"))
        made[-1].inc_thread_sharing()
        return made[-1]

    yield new
    for one in made:
        one.close()


def begin(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: DatabaseWrapper, how: str) -> None:
    getattr(connection, how)()
    if connection.connection is not None:
        connection.set_autocommit(True)


@pytest.mark.parametrize("how", ["commit", "rollback", "close"])
def test_the_next_writer_has_its_turn_when_the_first_one_ends(connect, how):
    first, second = connect(), connect()
    begin(first)
    waiter = threading.Thread(target=begin, args=(second,))

    waiter.start()
    time.sleep(0.05)
    waits = waiter.is_alive()
    end(first, how)
    waiter.join(timeout=5)

    assert waits
    assert not waiter.is_alive()
    end(second, "rollback")


def test_who_waits_too_long_is_told_so_and_holds_up_nobody(connect):
    first, second = connect(), connect()
    begin(first)

    with pytest.raises(OperationalError, match="locked"):
        begin(second)
    end(first, "commit")
    begin(second)

    end(second, "rollback")


def test_a_writer_of_another_process_is_waited_for(connect, settings_of):
    ours = connect()
    with sqlite3.connect(settings_of["NAME"], isolation_level=None, timeout=0) as other:
        other.execute("BEGIN IMMEDIATE")
        waiter = threading.Thread(target=begin, args=(ours,))
        waiter.start()
        time.sleep(0.05)
        waits = waiter.is_alive()
        other.execute("COMMIT")
        waiter.join(timeout=5)
    other.close()

    assert waits
    assert not waiter.is_alive()
    end(ours, "rollback")
