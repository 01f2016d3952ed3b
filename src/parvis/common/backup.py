"""Backups that are consistent while the system works, and restores that verify what they bring."""

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from parvis import __version__
from parvis.common import env, files, tombstones
from parvis.common.errors import Refused

MANIFEST = "manifest.json"
SQLITE_FILE = "database.sqlite3"
POSTGRES_FILE = "database.pgdump"
KEPT_FILE = "file."  # and the hash of its content


def write(target: Path, *, now: datetime) -> dict[str, Any]:
    """Write one archive with the database, the secret key and a manifest of hashes and counts."""
    # Beside the target, so that it can take its place at once; a folder of our own, so that two
    # backups to one target do not write into each other.
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        work = Path(folder, "content")
        work.mkdir()
        counts = _dump_sqlite(work) if connection.vendor == "sqlite" else _dump_postgres(work)
        key = settings.VAR / "secret_key"
        if key.exists():
            shutil.copy2(key, work / key.name)
        # After the database: whatever it names was stored before it was named.
        kept = {f"{KEPT_FILE}{path.name}": path for path in files.stored()}
        noted = {path.name: _digest(path) for path in sorted(work.iterdir())}
        noted |= {name: path.name for name, path in kept.items()}
        manifest = {
            "version": __version__,
            "made_at": now.isoformat(),
            "engine": connection.vendor,
            "rows": counts,
            "files": noted,
        }
        (work / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        draft = Path(folder, "archive")
        with tarfile.open(draft, "w:gz") as archive:
            for path in sorted(work.iterdir()):
                archive.add(path, path.name)
            for name, path in kept.items():
                archive.add(path, name)
        _verify_archive(draft, noted)
        draft.chmod(0o600)  # it holds people's data and the key
        _keep(draft)
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
            _load_sqlite(work, manifest)
        else:
            _load_postgres(work, manifest)
    return manifest


def _put_files(work: Path, manifest: dict[str, Any]) -> None:
    for path in sorted(work.glob(f"{KEPT_FILE}*")):
        target = files.path_of(manifest["files"][path.name])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    key = work / "secret_key"
    if key.exists():
        settings.VAR.mkdir(parents=True, exist_ok=True)
        draft = settings.VAR / f"secret_key.{secrets.token_hex(4)}"
        try:
            shutil.copy2(key, draft)
            draft.replace(settings.VAR / key.name)
        finally:
            draft.unlink(missing_ok=True)
        if not env.text("SECRET_KEY"):
            # The list of what was erased is read with the key under which it was written.
            settings.SECRET_KEY = key.read_text(encoding="utf-8").strip()


def count_rows() -> dict[str, int]:
    """How many rows each table of ours holds."""
    with connection.cursor() as cursor:
        return _rows(cursor, tables())


def tables() -> list[str]:
    """The tables of ours in this version."""
    return [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    ]


def _rows(cursor: Any, names: Iterable[str]) -> dict[str, int]:
    found = {}
    for name in names:
        quoted = '"' + name.replace('"', '""') + '"'
        cursor.execute(f"SELECT COUNT(*) FROM {quoted}")  # noqa: S608
        found[name] = int(cursor.fetchone()[0])
    return found


def _compare(cursor: Any, noted: dict[str, int]) -> None:
    found = _rows(cursor, noted)
    wrong = sorted(name for name, rows in noted.items() if found[name] != rows)
    if wrong:
        raise Refused(f"The restored tables do not have the rows of the backup: {wrong}")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _keep(path: Path) -> None:
    """Have the disk really hold a file before it takes its place."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _dump_sqlite(work: Path) -> dict[str, int]:
    # Copying the file of a live database is no backup; the backup API is.
    copy = work / SQLITE_FILE
    with (
        closing(sqlite3.connect(str(settings.DATABASES["default"]["NAME"]))) as live,
        closing(sqlite3.connect(copy)) as kept,
    ):
        live.backup(kept)
        kept.execute("PRAGMA journal_mode=DELETE")
        if kept.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Refused("The copy of the database is damaged; nothing was written.")
        return _rows(kept.cursor(), tables())


def _load_sqlite(work: Path, manifest: dict[str, Any]) -> None:
    """Copied beside its place, read and compared there, and put into place at the very end."""
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    connection.close()
    _refuse_what_is_there(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        shutil.copy2(work / SQLITE_FILE, draft)
        if _digest(draft) != manifest["files"][SQLITE_FILE]:
            raise Refused(f"The disk did not keep what was written to {draft.parent}.")
        with closing(sqlite3.connect(draft)) as database:
            _compare(database.cursor(), manifest["rows"])
        _keep(draft)
        _put_files(work, manifest)
        _refuse_what_is_there(target)  # whoever started in the meantime
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    try:
        with connection.cursor() as cursor:
            _compare(cursor, manifest["rows"])  # as Parvis will read it
    except BaseException:
        connection.close()
        target.unlink()
        raise


def _refuse_what_is_there(target: Path) -> None:
    if target.exists() and not _holds_nothing(target):
        raise Refused(
            f"{target} exists already. Restore on an empty machine, or move it away together with"
            f" {target.name}-wal and {target.name}-shm."
        )
    for suffix in ("-wal", "-shm", "-journal"):
        left = target.with_name(target.name + suffix)
        if left.exists():
            # SQLite would write what it holds over the restored database.
            raise Refused(
                f"{left} is left of another database and holds its last changes. Stop Parvis, and"
                " move it to where that database was moved."
            )


def _holds_nothing(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(database)) as found:
            return not found.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.Error:
        return False  # damaged is not empty


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


def _load_postgres(work: Path, manifest: dict[str, Any]) -> None:
    if connection.introspection.table_names():
        raise Refused("The database is not empty. Restore into a new one.")
    connection.close()
    _put_files(work, manifest)
    name = settings.DATABASES["default"]["NAME"]
    _postgres_tool(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={name}",
        str(work / POSTGRES_FILE),
    )  # fmt: skip
    with connection.cursor() as cursor:
        _compare(cursor, manifest["rows"])


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
    except (OSError, tarfile.TarError, ValueError, EOFError, zlib.error) as error:
        raise Refused(f"{source} cannot be read as a backup of Parvis: {error}") from error
    if not _is_manifest(manifest):
        raise Refused(f"{source} cannot be read as a backup of Parvis: its {MANIFEST} is another.")
    for name, digest in manifest["files"].items():
        if not (work / name).is_file() or _digest(work / name) != digest:
            raise Refused(f"{name} in the backup is damaged: its hash is not the one noted.")
    for path in work.iterdir():
        if path.name not in {MANIFEST, *manifest["files"]}:
            raise Refused(f"{path.name} does not belong into a backup of Parvis.")
    return manifest


def _is_manifest(found: Any) -> bool:
    """Whether it names the engine, the rows of each table, and each file with its hash."""
    if not isinstance(found, dict):
        return False
    engine, rows, named = (found.get(name) for name in ("engine", "rows", "files"))
    database = {"sqlite": SQLITE_FILE, "postgresql": POSTGRES_FILE}.get(str(engine))
    return (
        isinstance(rows, dict)
        and all(isinstance(number, int) for number in rows.values())
        and isinstance(named, dict)
        and all(isinstance(digest, str) for digest in named.values())
        and database in named
    )


def _verify_archive(source: Path, noted: dict[str, str]) -> None:
    """Read an archive that was just written back from the disk."""
    found = {}
    with tarfile.open(source, "r:gz") as archive:
        for member in archive:
            stream: Any = archive.extractfile(member)
            if stream is not None:
                found[member.name] = hashlib.file_digest(stream, "sha256").hexdigest()
    found.pop(MANIFEST, None)
    if found != noted:
        raise Refused("The backup is not what was to be written; the disk may be faulty.")
