"""From one PARVIS_DATABASE_URL to Django's DATABASES, tuned so that the queue stays correct."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Seconds a writer waits for its turn on SQLite; under a dozen clients the default of 5 s fails.
SQLITE_WAIT = 20
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    # What is deleted is overwritten with zeros: free space keeps nothing of anybody.
    "PRAGMA secure_delete=ON;"
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
)
# Milliseconds: a stuck lock or query must not hold every other page of the house.
POSTGRES_LIMITS = "-c lock_timeout=15000 -c statement_timeout=30000"


def from_url(url: str, *, home: Path) -> dict[str, Any]:
    """Settings of one database; relative SQLite paths start at the installation's home."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "sqlite":
            return _sqlite(unquote(parts.path), home)
        if parts.scheme in {"postgres", "postgresql"}:
            return _postgres(url)
    except ValueError:  # its words may hold a part of the password
        raise SystemExit(
            "PARVIS_DATABASE_URL cannot be read. Example: postgresql://name:password@host:5432/base"
            " (write %40 for @ and %2F for / in a password)."
        ) from None
    except OSError as error:
        raise SystemExit(f"There is no place for the database: {error}") from None
    raise SystemExit("PARVIS_DATABASE_URL must start with sqlite:/// or postgresql://")


def _sqlite(path: str, home: Path) -> dict[str, Any]:
    # sqlite:///var/x is relative, sqlite:////srv/x absolute: the first slash only separates.
    name = home / path.removeprefix("/") if path else home / "var" / "parvis.sqlite3"
    name.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "parvis.common.sqlite3",
        "NAME": str(name),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_WAIT,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    # The same few statements all day: the server parses and plans each of them once.
    options |= {"server_side_binding": True, "prepare_threshold": 5}
    options["options"] = f"{options.get('options', '')} {POSTGRES_LIMITS}".strip()
    return {
        "ENGINE": "parvis.common.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def file_of(database: dict[str, Any]) -> Path | None:
    """The file of a SQLite database; None for one in memory or on a server."""
    name = str(database["NAME"])
    if not database["ENGINE"].endswith("sqlite3") or ":memory:" in name or name.startswith("file:"):
        return None
    return Path(name)


def is_missing(database: dict[str, Any]) -> bool:
    """Whether there is no database yet: SQLite would make an empty one for whoever only looks."""
    path = file_of(database)
    return path is not None and not (path.exists() and path.stat().st_size)
