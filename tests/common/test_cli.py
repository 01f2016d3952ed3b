"""What an operator reads when a command cannot work: a sentence, never a traceback."""

import fcntl
from pathlib import Path

import pytest

from tests.common.test_backup import parvis

BROKEN = [
    ({"PARVIS_HOME": "/proc/nope"}, "PARVIS_HOME must name a folder"),
    ({"PARVIS_HOME": "/etc/passwd"}, "PARVIS_HOME must name a folder"),
    ({"PARVIS_DATABASE_URL": "postgresql://u:pw@h:notaport/x"}, "PARVIS_DATABASE_URL cannot be"),
    ({"PARVIS_DATABASE_URL": "postgresql://u:pw@127.0.0.1:1/x"}, "does not answer"),
    ({"PARVIS_DATABASE_URL": "sqlite:////proc/x/y"}, "no place for the database"),
    ({"PARVIS_DATABASE_URL_FILE": "/nonexistent"}, "PARVIS_DATABASE_URL_FILE cannot be read"),
]


@pytest.mark.parametrize(("given", "sentence"), BROKEN)
def test_the_doctor_speaks_where_nothing_works(tmp_path: Path, given, sentence):
    said = parvis(tmp_path, "doctor", **given)

    assert said.returncode == 1
    assert sentence in said.stdout + said.stderr
    assert "Traceback" not in said.stderr
    assert "pw" not in said.stdout + said.stderr


@pytest.mark.parametrize("command", ["doctor", "backup kept.tar.gz", "mail status"])
def test_who_only_looks_makes_no_database(tmp_path: Path, command: str):
    said = parvis(tmp_path, *command.split())

    assert said.returncode == 1
    assert "There is no database" in said.stdout + said.stderr
    assert not (tmp_path / "var" / "parvis.sqlite3").exists()


def test_a_damaged_database_is_named_with_all_its_files(tmp_path: Path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "parvis.sqlite3").write_bytes(b"no database at all " * 1000)

    said = parvis(tmp_path, "doctor")

    assert said.returncode == 1
    assert "damaged" in said.stdout
    assert "parvis.sqlite3-wal" in said.stdout
    assert "Traceback" not in said.stderr


def test_a_share_that_is_no_number_is_asked_for_in_words(tmp_path: Path):
    said = parvis(tmp_path, "demo", "--scale", "abc")

    assert said.returncode != 0
    assert "jusqu’à 1" in said.stderr


def test_only_one_demo_at_a_time_is_made_in_a_folder(tmp_path: Path):
    (tmp_path / "var").mkdir()
    with (tmp_path / "var" / "demo.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        said = parvis(tmp_path, "demo", "--no-serve")

    assert said.returncode == 1
    assert "Un autre parvis demo" in said.stderr
    assert not (tmp_path / "var" / "parvis.sqlite3").exists()
