import hashlib
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from parvis.common import backup
from tests.support import prepared

ENVIRONMENT = {"PARVIS_SECRET_KEY": "", "PATH": "/usr/bin:/bin", "PYTHONPATH": "src:."}


def parvis(home: Path, *arguments: str, **given: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "parvis", *arguments],
        env={**ENVIRONMENT, "PARVIS_HOME": str(home), **given},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "town"
    home.mkdir()
    prepared.furnish(home)
    with sqlite3.connect(home / "var" / "parvis.sqlite3") as database:
        database.execute(
            "INSERT INTO common_throttle (subject, level, updated_at) VALUES ('x', 1, '2026-01-01')"
        )
    return home


def test_a_backup_comes_to_life_on_an_empty_machine(home: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    digest = hashlib.sha256(b"%PDF-1.7").hexdigest()
    kept = home / "var" / "files" / digest[:2] / digest
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"%PDF-1.7")
    assert "verified" in parvis(home, "backup", str(tmp_path / "kept.tar.gz")).stdout

    restored = parvis(elsewhere, "restore", str(tmp_path / "kept.tar.gz"))

    assert restored.returncode == 0, restored.stderr
    with sqlite3.connect(elsewhere / "var" / "parvis.sqlite3") as database:
        assert database.execute("SELECT subject FROM common_throttle").fetchall() == [("x",)]
    assert (elsewhere / kept.relative_to(home)).read_bytes() == b"%PDF-1.7"


def test_a_restore_never_overwrites_what_is_there(home: Path, tmp_path: Path):
    parvis(home, "backup", str(tmp_path / "kept.tar.gz"))

    refused = parvis(home, "restore", str(tmp_path / "kept.tar.gz"))

    assert refused.returncode == 1
    assert "exists already" in refused.stderr


def test_what_another_database_left_is_not_written_over_the_restored_one(
    home: Path, tmp_path: Path
):
    parvis(home, "backup", str(tmp_path / "kept.tar.gz"))
    elsewhere = tmp_path / "elsewhere" / "var"
    elsewhere.mkdir(parents=True)
    (elsewhere / "parvis.sqlite3-wal").write_bytes(b"pages of a dead database")

    refused = parvis(elsewhere.parent, "restore", str(tmp_path / "kept.tar.gz"))

    assert refused.returncode == 1
    assert "parvis.sqlite3-wal is left of another database" in refused.stderr
    assert not (elsewhere / "parvis.sqlite3").exists()


def test_a_database_without_any_table_is_no_data(home: Path, tmp_path: Path):
    parvis(home, "backup", str(tmp_path / "kept.tar.gz"))
    elsewhere = tmp_path / "elsewhere" / "var"
    elsewhere.mkdir(parents=True)
    with closing(sqlite3.connect(elsewhere / "parvis.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
    assert (elsewhere / "parvis.sqlite3").stat().st_size

    restored = parvis(elsewhere.parent, "restore", str(tmp_path / "kept.tar.gz"))

    assert restored.returncode == 0, restored.stderr


def test_a_restore_that_does_not_agree_leaves_nothing(home: Path, tmp_path: Path):
    kept = tmp_path / "kept.tar.gz"
    parvis(home, "backup", str(kept))
    change(
        kept, tmp_path, "manifest.json", lambda said: said.replace(b'throttle": 1', b'throttle": 2')
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    refused = parvis(elsewhere, "restore", str(kept))

    assert refused.returncode == 1
    assert "common_throttle" in refused.stderr
    assert [path.name for path in (elsewhere / "var").iterdir()] == ["secret_key"]


@pytest.mark.parametrize("manifest", [b"[]", b"{}", b'{"engine": "sqlite", "rows": 1}', b"\0"])
def test_an_archive_without_a_list_of_contents_is_refused_in_words(tmp_path: Path, manifest: bytes):
    (tmp_path / "manifest.json").write_bytes(manifest)
    with tarfile.open(tmp_path / "kept.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "manifest.json", "manifest.json")

    refused = parvis(tmp_path, "restore", str(tmp_path / "kept.tar.gz"))

    assert refused.returncode == 1
    assert "cannot be read as a backup" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_was_erased_since_is_known_by_the_key_of_the_backup(
    home: Path, tmp_path: Path, settings: Any, monkeypatch: Any
):
    monkeypatch.delenv("PARVIS_SECRET_KEY", raising=False)
    settings.VAR, settings.SECRET_KEY = tmp_path, "of the empty machine"
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "secret_key").write_text("of the backup\n")

    backup._put_files(tmp_path / "work", {"files": {}})

    assert settings.SECRET_KEY == "of the backup"
    assert (tmp_path / "secret_key").read_text() == "of the backup\n"


def test_two_backups_at_once_do_not_write_into_each_other(home: Path, tmp_path: Path):
    kept = tmp_path / "kept.tar.gz"
    command = [sys.executable, "-m", "parvis", "backup", str(kept)]
    environment = {**ENVIRONMENT, "PARVIS_HOME": str(home)}
    both = [subprocess.Popen(command, env=environment) for _ in range(2)]

    assert [one.wait() for one in both] == [0, 0]

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "kept.tar.gz", "tombstones.jsonl", "town",
    ]  # fmt: skip
    (tmp_path / "elsewhere").mkdir()
    assert parvis(tmp_path / "elsewhere", "restore", str(kept)).returncode == 0


def change(kept: Path, folder: Path, name: str, how: Callable[[bytes], bytes]) -> None:
    """Write an archive anew with one file changed."""
    opened = folder / "opened"
    with tarfile.open(kept) as archive:
        archive.extractall(opened)  # noqa: S202 - our own archive
    changed = how(before := (opened / name).read_bytes())
    assert changed != before
    (opened / name).write_bytes(changed)
    with tarfile.open(kept, "w:gz") as archive:
        for path in opened.iterdir():
            archive.add(path, path.name)


def test_a_damaged_backup_is_refused_in_words(home: Path, tmp_path: Path):
    kept = tmp_path / "kept.tar.gz"
    parvis(home, "backup", str(kept))
    change(kept, tmp_path, "database.sqlite3", lambda file: file[:5000] + b"damage" + file[5006:])
    (tmp_path / "elsewhere").mkdir()

    refused = parvis(tmp_path / "elsewhere", "restore", str(kept))

    assert refused.returncode == 1
    assert "hash" in refused.stderr


def test_a_backup_cannot_write_outside_its_folder(home: Path, tmp_path: Path):
    evil = tmp_path / "evil.tar.gz"
    (tmp_path / "payload").write_text("x")
    with tarfile.open(evil, "w:gz") as archive:
        archive.add(tmp_path / "payload", "../outside")
    (tmp_path / "elsewhere").mkdir()

    refused = parvis(tmp_path / "elsewhere", "restore", str(evil))

    assert refused.returncode == 1
    assert "does not belong" in refused.stderr
