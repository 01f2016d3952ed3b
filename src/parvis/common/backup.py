"""Backups that are consistent while the system works, and restores that verify what they bring."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from parvis import __version__
from parvis.common import files, tombstones
from parvis.common.errors import Refused

MANIFEST = "manifest.json"
SQLITE_FILE = "database.sqlite3"
POSTGRES_FILE = "database.pgdump"
KEPT_FILE = "file."  # and the hash of its content


def write(target: Path, *, now: datetime) -> dict[str, Any]:
    """Write one archive with the database, the secret key and a manifest of hashes and counts."""
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        work = Path(folder)
        counts = _dump_sqlite(work) if connection.vendor == "sqlite" else _dump_postgres(work)
        key = settings.VAR / "secret_key"
        if key.exists():
            shutil.copy2(key, work / key.name)
        # After the database: whatever it names was stored before it was named.
        kept = {f"{KEPT_FILE}{path.name}": path for path in files.stored()}
        manifest = {
            "version": __version__,
            "made_at": now.isoformat(),
            "engine": connection.vendor,
            "rows": counts,
            "files": {path.name: _digest(path) for path in sorted(work.iterdir())}
            | {name: path.name for name, path in kept.items()},
        }
        (work / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        draft = target.with_name(target.name + ".part")
        with tarfile.open(draft, "w:gz") as archive:
            for path in sorted(work.iterdir()):
                archive.add(path, path.name)
            for name, path in kept.items():
                archive.add(path, name)
        draft.chmod(0o600)  # it holds people's data and the key
        draft.replace(target)
    tombstones.write_beside(target.with_name(tombstones.NAME))
    return manifest


def restore(source: Path) -> dict[str, Any]:
    """Bring a backup to life where there is no data yet; refuses to overwrite, verifies all."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        manifest = _unpack(source, work)
        if manifest["engine"] != connection.vendor:
            raise Refused(
                f"This backup is of a {manifest['engine']} database, but PARVIS_DATABASE_URL"
                f" names a {connection.vendor} one."
            )
        if connection.vendor == "sqlite":
            _load_sqlite(work)
        else:
            _load_postgres(work)
        key = work / "secret_key"
        if key.exists():
            settings.VAR.mkdir(parents=True, exist_ok=True)
            shutil.copy2(key, settings.VAR / key.name)
        for path in sorted(work.glob(f"{KEPT_FILE}*")):
            target = files.path_of(manifest["files"][path.name])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    found = count_rows()
    if found != manifest["rows"]:
        wrong = sorted(name for name, rows in manifest["rows"].items() if found.get(name) != rows)
        raise Refused(f"The restored tables do not have the rows of the backup: {wrong}")
    return manifest


def count_rows() -> dict[str, int]:
    """How many rows each table of ours holds."""
    return {
        model._meta.db_table: model._default_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _dump_sqlite(work: Path) -> dict[str, int]:
    # Copying the file of a live database is no backup; the backup API is.
    copy = work / SQLITE_FILE
    with (
        sqlite3.connect(str(settings.DATABASES["default"]["NAME"])) as live,
        sqlite3.connect(copy) as kept,
    ):
        live.backup(kept)
        kept.execute("PRAGMA journal_mode=DELETE")
        if kept.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Refused("The copy of the database is damaged; nothing was written.")
        return {name: _rows(kept, name) for name in count_rows()}


def _rows(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])  # noqa: S608


def _load_sqlite(work: Path) -> None:
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    if target.exists() and target.stat().st_size:
        raise Refused(f"{target} exists already. Restore on an empty machine, or move it away.")
    connection.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(work / SQLITE_FILE, target)


def _dump_postgres(work: Path) -> dict[str, int]:
    # One exported snapshot, so that the counts and the dump speak of the same instant.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = count_rows()
        _postgres_tool(
            "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner",
            f"--file={work / POSTGRES_FILE}", f"--dbname={settings.DATABASES['default']['NAME']}",
        )  # fmt: skip
    return counts


def _load_postgres(work: Path) -> None:
    if connection.introspection.table_names():
        raise Refused("The database is not empty. Restore into a new one.")
    connection.close()
    name = settings.DATABASES["default"]["NAME"]
    _postgres_tool(
        "pg_restore", "--exit-on-error", "--no-owner", f"--dbname={name}", str(work / POSTGRES_FILE)
    )


def _postgres_tool(tool: str, *arguments: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise Refused(f"{tool} was not found. Install PostgreSQL's client programs.")
    database = settings.DATABASES["default"]
    environment = {
        **os.environ,
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"] or 5432),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
    }
    run = subprocess.run(  # noqa: S603
        [path, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise Refused(f"{tool} failed: {run.stderr.strip()[:2000]}")


def _extract(archive: tarfile.TarFile, work: Path) -> None:
    # By hand, because Debian's Python 3.11 has no extraction filters: plain files by plain names.
    for member in archive:
        stream = archive.extractfile(member) if member.isreg() else None
        if stream is None or Path(member.name).name != member.name:
            raise Refused(f"{member.name} does not belong into a backup of Parvis.")
        with stream, (work / member.name).open("wb") as target:
            shutil.copyfileobj(stream, target)


def _unpack(source: Path, work: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            _extract(archive, work)
        manifest: dict[str, Any] = json.loads((work / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise Refused(f"{source} cannot be read as a backup of Parvis: {error}") from error
    for name, digest in manifest["files"].items():
        if not (work / name).is_file() or _digest(work / name) != digest:
            raise Refused(f"{name} in the backup is damaged: its hash is not the one noted.")
    return manifest
