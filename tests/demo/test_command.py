"""``parvis demo`` as a newcomer runs it: in a folder of its own, once, twice, from anew."""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from parvis.demo import seeds
from tests.support import prepared

SCALE = "0.02"
# What is not the seed's: when rows of the journal were really written, and the number by which
# nodes notice another collection, which must differ from one database to the next; and where the
# files of an import lay.
_REAL_TIME = {
    "common_journalentry": {"at"},
    "knowledge_collectionversion": {"number"},
    "knowledge_importrun": {"fingerprint"},
}
_HOME = ("--scale", SCALE, "--today", "2026-11-24", "--seed", "5", "--port", "8765")
_NOT_OURS = {"django_migrations", "sqlite_sequence", "django_tasks_database_dbtaskresult"}


def _demo(home: Path, *options: str, ok: bool = True) -> str:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")
    }
    environment |= {
        "PARVIS_HOME": str(home),
        "PARVIS_SECRET_KEY": "only-for-tests",
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "parvis", "demo", "--no-serve", *options]
    done = subprocess.run(
        command, env=environment, cwd=home, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is ok, done.stderr
    return done.stdout if ok else done.stderr


def _database(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(home / "var" / "parvis.sqlite3")


def _fingerprint(home: Path) -> str:
    """A hash of every row of every table, in the order of their keys."""
    digest = hashlib.sha256()
    with _database(home) as database:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        for (table,) in database.execute(tables).fetchall():
            if table in _NOT_OURS:
                continue
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            kept = [name for name in columns if name not in _REAL_TIME.get(table, set())]
            words = ", ".join(f'"{name}"' for name in kept)
            rows = f'SELECT {words} FROM "{table}" ORDER BY 1'  # noqa: S608 - names of our tables
            for row in database.execute(rows):
                digest.update(repr((table, row)).encode())
    return digest.hexdigest()


def _count(home: Path, question: str) -> int:
    with _database(home) as database:
        found: int = database.execute(question).fetchone()[0]
    return found


_WAITING = """
SELECT COUNT(*) FROM queue_ticket t JOIN organisations_site s ON s.id = t.site_id
WHERE s.slug = 'mairie' AND t.state = 'waiting' AND t.booked_at IS NULL
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo was made once; a reset makes it from nothing, see below."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # one for all processes: it is long to make, and nobody changes it
    folder = shared / "demo-home"
    with (shared / "demo-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            folder.mkdir(exist_ok=True)
            prepared.furnish(folder)
            _demo(folder, *_HOME)
            (folder / "made").touch()
    return folder


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A folder whose database is migrated and empty: the demo finds nothing else to do first."""
    prepared.furnish(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def described(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / "var" / "demo.json").read_text(encoding="utf-8"))
    return found


def test_the_same_seed_and_day_make_the_same_town_to_the_last_row(home: Path, ready: Path) -> None:
    _demo(ready, *_HOME)
    assert _fingerprint(ready) == _fingerprint(home)
    again = (ready / "var" / "demo.json").read_text(encoding="utf-8")
    assert again == (home / "var" / "demo.json").read_text(encoding="utf-8")


def test_demo_json_has_the_agreed_shape(described: dict[str, Any]) -> None:
    assert described["base_url"] == "http://127.0.0.1:8765"
    assert len(described["authorities"]) >= 3
    for authority in described["authorities"]:
        assert {"id", "slug", "name", "api_token", "sites", "accounts"} <= authority.keys()
        assert isinstance(authority["id"], str)
        for site in authority["sites"]:
            assert {"id", "slug", "name", "topics", "desks"} <= site.keys()
            assert site["topics"]
            assert site["desks"]
            assert all({"id", "slug", "name"} <= topic.keys() for topic in site["topics"])
            assert all({"id", "name"} <= desk.keys() for desk in site["desks"])
        for account in authority["accounts"]:
            assert {"username", "password", "role"} <= account.keys()


def test_keys_differ_between_authorities_and_between_seeds(described: dict[str, Any]) -> None:
    keys = [authority["api_token"] for authority in described["authorities"]]
    assert len(set(keys)) == len(keys)
    assert seeds.secret(5, "token", "mairie") != seeds.secret(6, "token", "mairie")
    assert seeds.password(5) != seeds.password(6)


def test_a_second_run_finds_the_town_and_a_reset_makes_it_anew(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    made = _fingerprint(tmp_path)
    assert "déjà là" in _demo(tmp_path, "--today", "2026-11-24T11:00")
    assert _fingerprint(tmp_path) == made
    contacts = _count(tmp_path, "SELECT COUNT(*) FROM contacts_contact")
    assert "--reset" in _demo(tmp_path, "--today", "2026-11-26T22:30")
    assert _count(tmp_path, _WAITING) == 6
    assert _count(tmp_path, "SELECT COUNT(*) FROM contacts_contact") > contacts
    _demo(tmp_path, "--reset", *_HOME)
    assert _fingerprint(tmp_path) == made


def test_a_database_with_real_authorities_is_never_touched(home: Path, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    with _database(home) as source, _database(tmp_path) as copy:
        source.backup(copy)
        copy.execute("UPDATE organisations_authority SET slug = 'ville-reelle' WHERE id = 1")
        copy.commit()
    said = _demo(tmp_path, "--reset", ok=False)
    assert "n’y touche pas" in said
    assert _count(tmp_path, "SELECT COUNT(*) FROM organisations_authority") == 6


@pytest.mark.parametrize("scale", ["0", "1.5", "much"])
def test_a_scale_is_a_share(tmp_path: Path, scale: str) -> None:
    assert "scale" in _demo(tmp_path, "--scale", scale, ok=False)
