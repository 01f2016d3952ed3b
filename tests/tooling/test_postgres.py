import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from tests.support import postgres

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("durable", "fsync"), [(False, "off"), (True, "on")])
def test_only_the_durable_server_waits_for_the_disk(durable, fsync):
    with psycopg.connect(postgres.database_url(durable=durable)) as connection:
        assert connection.execute("SHOW fsync").fetchone() == (fsync,)


def test_a_notification_reaches_a_listener():
    address = postgres.database_url()
    with psycopg.connect(address, autocommit=True) as listener:
        listener.execute("LISTEN hall")
        with psycopg.connect(address, autocommit=True) as speaker:
            threading.Timer(0.05, speaker.execute, ["NOTIFY hall, '42'"]).start()
            heard = [notice.payload for notice in listener.notifies(timeout=5, stop_after=1)]
    assert heard == ["42"]


def test_the_server_outlives_a_process_that_shared_it():
    address = postgres.database_url()
    code = "from tests.support.postgres import database_url; print(database_url())"
    shared = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shared.stdout.strip() == address
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_database_of_its_own_is_empty_and_goes_away():
    address = postgres.create_database("parvis_tooling")
    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)
    postgres.drop_database("parvis_tooling")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address)


def test_cleaning_up_leaves_a_server_in_use_alone(capsys):
    address = postgres.database_url()
    postgres.forget_everything()
    assert "is in use and stays" in capsys.readouterr().out
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
