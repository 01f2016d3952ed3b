import hashlib
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.support import prepared

ENVIRONMENT = {"PARVIS_SECRET_KEY": "", "PATH": "/usr/bin:/bin", "PYTHONPATH": "src:."}


def parvis(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "parvis", *arguments],
        env={**ENVIRONMENT, "PARVIS_HOME": str(home)},
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


def test_a_damaged_backup_is_refused_in_words(home: Path, tmp_path: Path):
    kept = tmp_path / "kept.tar.gz"
    parvis(home, "backup", str(kept))
    opened = tmp_path / "opened"
    with tarfile.open(kept) as archive:
        archive.extractall(opened)  # noqa: S202 - our own archive
    with (opened / "database.sqlite3").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    with tarfile.open(kept, "w:gz") as archive:
        for path in opened.iterdir():
            archive.add(path, path.name)
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
