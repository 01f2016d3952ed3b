"""A real installation for load tests: own folder, own database, real server processes."""

import atexit
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.support import postgres, prepared

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """One installation under test; ``settings`` may name a variant with planted faults."""

    home: Path
    database: str = "sqlite://"
    settings: str = "parvis.settings"
    servers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    loud: bool = False  # show what the servers complain about

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "PARVIS_HOME": str(self.home),
            "PARVIS_DATABASE_URL": self.database,
            "PARVIS_SECRET_KEY": "load",
            "DJANGO_SETTINGS_MODULE": self.settings,
        }

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def furnish(self, *, old: int = 0, town: bool = False) -> dict[str, Any]:
        """Put the hall in: a copy of one that this process made before, if it is a usual one."""
        if old:
            return self.furnish_afresh(old=old)
        model = _model(self.database.startswith("sqlite"), town)
        self.facts = dict(model.facts)
        if self.database.startswith("sqlite"):
            target = self.home / "var" / "parvis.sqlite3"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(model.home / "var" / "parvis.sqlite3", target)
        else:
            postgres.copy_database(model.database, self.database)
        return self.facts

    def furnish_afresh(self, *, old: int = 0, town: bool = False) -> dict[str, Any]:
        self.run("-m", "parvis", "migrate", "--verbosity", "0")
        return self.put_in(old=old, town=town)

    def put_in(self, *, old: int = 0, town: bool = False) -> dict[str, Any]:
        """The hall itself, in a database that is migrated and empty."""
        wishes = ["--old", str(old), *(["--town"] if town else [])]
        self.facts = json.loads(self.run("-m", "tests.load.furnish", *wishes))
        return self.facts

    def start(self, port: int, *, workers: int = 1) -> str:
        command = ["-m", "parvis", "serve", "--port", str(port), "--workers", str(workers)]
        self.servers.append(
            subprocess.Popen(
                [sys.executable, *command, "--no-jobs"],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=None if self.loud else subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        base = f"http://127.0.0.1:{port}"
        wait_until_ready(base)
        return base

    def kill_9(self, *, first_only: bool = False) -> None:
        """The whole process group at once, as a power cut would."""
        doomed = self.servers[:1] if first_only else self.servers[:]
        for server in doomed:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            self.servers.remove(server)

    def processes(self) -> "set[int]":
        """Every process of the servers: a worker that was replaced has another number."""
        found: set[int] = set()
        new = {server.pid for server in self.servers}
        while new:
            found |= new
            new = {child for process in new for child in _children(process)} - found
        return found

    def stop(self) -> None:
        for server in self.servers:
            server.terminate()
        for server in self.servers:
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
        self.servers.clear()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if self.database.startswith("sqlite"):
            with sqlite3.connect(self.home / "var" / "parvis.sqlite3") as connection:
                return connection.execute(sql).fetchall()
        with psycopg.connect(self.database) as connection:
            return connection.execute(sql.encode()).fetchall()


@cache
def _model(is_sqlite: bool, town: bool) -> House:
    """A furnished hall to copy: migrating and furnishing takes longer than most tests."""
    home = Path(tempfile.mkdtemp(prefix="parvis-load-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    database = "sqlite://"
    if is_sqlite:
        prepared.furnish(home)
    else:
        name = f"load_model_{os.getpid()}_{int(town)}"
        template = prepared.postgres_template(durable=True)
        database = postgres.create_database(name, durable=True, template=template)
        atexit.register(postgres.drop_database, name, durable=True)
    model = House(home, database)
    model.put_in(town=town)
    return model


def _children(process: int) -> "list[int]":
    told = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for path in told for child in path.read_text().split()]


@contextmanager
def house(home: Path, **options: Any) -> Iterator[House]:
    built = House(home, **options)
    try:
        yield built
    finally:
        built.stop()


def wait_until_ready(base: str, *, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    # One client for all tries: making one reads every certificate of the machine.
    with httpx.Client(base_url=base, timeout=2) as client:
        while time.monotonic() < deadline:
            try:
                if client.get("/health/ready").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
    raise AssertionError(f"{base} did not become ready within {seconds} s")
