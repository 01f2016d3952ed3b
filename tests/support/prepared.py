"""Databases with every migration in them, made once per state of the code and then copied.

Migrating an empty database takes ten seconds of computing, a copy a tenth of one. Whatever may
change the tables is in the mark of a copy: all our code, and the versions of what we build on.
Copies that nobody made today go away.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from django.db.backends.base.creation import BaseDatabaseCreation

from tests.support import postgres
from tests.support.postgres import alone, shelter

ROOT = Path(__file__).parents[2]
DAY = 24 * 3600


@cache
def mark() -> str:
    """What this state of the code is called."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted([*ROOT.glob("src/parvis/**/*.py"), *ROOT.glob("requirements/*.txt")]):
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def run(home: Path, database: str, *arguments: str) -> str:
    """What ``python …`` says when it works on an installation of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    environment = {
        **kept,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PARVIS_HOME": str(home),
        "PARVIS_DATABASE_URL": database,
        "PARVIS_SECRET_KEY": "only-for-tests",
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
    }
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def migrate(home: Path, database: str) -> None:
    run(home, database, "-m", "parvis", "migrate", "--verbosity", "0")


@cache
def sqlite_file() -> Path:
    """A SQLite database that is migrated and empty: to be copied, never opened for writing."""
    kept = shelter() / f"migrated-{mark()}.sqlite3"
    with alone(kept):
        if not kept.exists():
            forget_the_old()
            with tempfile.TemporaryDirectory(dir=shelter()) as making:
                home = Path(making)
                migrate(home, "sqlite://")
                (home / "var" / "parvis.sqlite3").rename(kept)
    return kept


def furnish(home: Path) -> None:
    """Puts a migrated SQLite database where an installation looks for its own."""
    (home / "var").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sqlite_file(), home / "var" / "parvis.sqlite3")


def give_to(creation: BaseDatabaseCreation) -> None:
    """Makes Django's test database begin as a copy, so that it finds nothing left to migrate."""
    tested = creation.connection
    if tested.vendor == "postgresql":
        tested.settings_dict["TEST"]["TEMPLATE"] = postgres_template()
        return
    creation_of: Any = creation
    make = creation_of._create_test_db

    def filled(*args: Any, **options: Any) -> str:
        name: str = make(*args, **options)
        # What is in memory lives as long as somebody holds it.
        creation_of.held = sqlite3.connect(name, uri=True)
        with closing(sqlite3.connect(sqlite_file())) as source:
            source.backup(creation_of.held)
        return name

    creation_of._create_test_db = filled


@cache
def postgres_template(*, durable: bool = False) -> str:
    """The name of a PostgreSQL database that is migrated and empty, on this server."""
    name = f"migrated_{mark()}"
    postgres.database_url(durable=durable)
    with alone(shelter() / f"{name}-{durable}"):
        if not postgres.has_database(name, durable=durable):
            postgres.drop_old_databases("migrated_", durable=durable)
            making = postgres.create_database(f"making_{mark()}", durable=durable)
            with tempfile.TemporaryDirectory(dir=shelter()) as home:
                migrate(Path(home), making)
            postgres.rename_database(f"making_{mark()}", name, durable=durable)
    return name


def forget_the_old() -> None:
    """Copies of yesterday are of another state of the code, and cheap to make again."""
    for path in shelter().glob("migrated-*.sqlite3"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - DAY:
                path.unlink()
