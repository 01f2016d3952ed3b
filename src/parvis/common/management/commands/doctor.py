"""``parvis doctor``: what is wrong with this installation, in words, with the remedy."""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.management.base import BaseCommand
from django.db import DatabaseError, Error, OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from parvis.common import database, gateways, jobs
from parvis.common.models import OutgoingText

FEWEST_FREE_MEGABYTES = 500
GIVEN_UP_LATELY = timedelta(days=1)


class Trouble(NamedTuple):
    """One thing that is wrong, and what to do about it."""

    what: str
    remedy: str


class Command(BaseCommand):
    help = "Say what is wrong with this installation and how to mend it."

    def handle(self, **options: Any) -> None:
        for line in described():
            self.stdout.write(f"· {line}")
        troubles = list(find_troubles())
        for trouble in troubles:
            self.stdout.write(f"✗ {trouble.what}\n  → {trouble.remedy}")
        if troubles:
            raise SystemExit(1)
        self.stdout.write("✓ Nothing wrong was found.")


def described() -> Iterator[str]:
    """What is set up, for whoever wonders: never a secret."""
    sms = settings.SMS
    where = {"console": "the console", "file": sms["FILE"], "http": _host(sms["URL"])}
    name = sms["BACKEND"]
    yield f"Text messages go to {where.get(name, 'nowhere')} (PARVIS_SMS_BACKEND={name})."


def _host(url: str) -> str:
    return urlsplit(url).hostname or "no address"


def find_troubles() -> Iterator[Trouble]:
    """Everything that an operator should mend, most pressing first."""
    broken = list(_no_database())
    yield from broken
    yield from _storage()
    yield from _secrets()
    yield from _texts()
    if not broken:
        yield from _database()
        yield from _lost_texts()
        yield from _jobs()
    databases = None if broken else list(connections)
    checks = run_checks(include_deployment_checks=settings.HTTPS, databases=databases)
    for message in checks:
        if message.level >= WARNING:
            yield Trouble(f"{message.id}: {message.msg}", message.hint or "See Django's checks.")


def _no_database() -> Iterator[Trouble]:
    """A database that cannot be asked anything, nor what is in it."""
    given = settings.DATABASES["default"]
    if database.is_missing(given):
        yield Trouble(
            f"There is no database at {given['NAME']}.",
            "Run: parvis migrate, or parvis restore LAST_BACKUP. It may also be that PARVIS_HOME"
            " names another folder.",
        )
        return
    try:
        MigrationExecutor(connection)
    except Error as error:
        if connection.vendor == "sqlite" and not isinstance(error, OperationalError):
            yield _damaged(str(error))
        else:
            yield Trouble(
                f"The database does not answer: {str(error).strip()}",
                "Start it, or correct PARVIS_DATABASE_URL.",
            )


def _damaged(why: str) -> Trouble:
    path = database.file_of(settings.DATABASES["default"])
    return Trouble(
        f"The database file is damaged: {why}",
        f"Stop Parvis, move {path}, {path}-wal and {path}-shm away together, then run:"
        " parvis restore LAST_BACKUP",
    )


def _database() -> Iterator[Trouble]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Trouble("The database is older than this version.", "Run: parvis migrate")
    if connection.vendor == "sqlite":
        try:
            yield from _sqlite()
        except DatabaseError as error:
            yield _damaged(str(error))


def _sqlite() -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        found = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            yield _damaged(found)
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            yield Trouble(
                "The database file is not in WAL mode.",
                "Put it on a local disk (network file systems lack what WAL needs).",
            )


def _storage() -> Iterator[Trouble]:
    free = shutil.disk_usage(settings.HOME).free // 2**20
    if free < FEWEST_FREE_MEGABYTES:
        yield Trouble(f"Only {free} MB are free in {settings.HOME}.", "Make room on that disk.")


def _secrets() -> Iterator[Trouble]:
    key = settings.VAR / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Trouble(f"Others can read {key}.", f"Run: chmod 600 {key}")
    if not settings.HTTPS and "localhost" not in settings.ALLOWED_HOSTS:
        yield Trouble(
            "Pages are served without encryption.",
            "Set PARVIS_BASE_URL to the https address and put a TLS proxy in front.",
        )


def _texts() -> Iterator[Trouble]:
    sms = settings.SMS
    if sms["BACKEND"] not in gateways.GATEWAYS:
        names = ", ".join(gateways.GATEWAYS)
        yield Trouble(
            f"No gateway for text messages is called {sms['BACKEND']!r}.",
            f"Set PARVIS_SMS_BACKEND to one of: {names}.",
        )
    if sms["BACKEND"] == "http":
        yield from _http_gateway(sms)


def _lost_texts() -> Iterator[Trouble]:
    with suppress(DatabaseError):
        since = timezone.now() - GIVEN_UP_LATELY
        lost = OutgoingText.objects.filter(state="given_up", ended_at__gt=since)
        errors = list(lost.exclude(error="too late").order_by("id").values_list("error", flat=True))
        if errors:
            yield Trouble(
                f"{len(errors)} text messages were given up in the last day: {errors[-1]}",
                "Look at the address, the token and the account of the gateway.",
            )


def _http_gateway(sms: dict[str, str]) -> Iterator[Trouble]:
    if urlsplit(sms["URL"]).scheme not in {"http", "https"}:
        yield Trouble(
            "Text messages have no gateway to go to.",
            "Set PARVIS_SMS_URL to the address of the gateway.",
        )
    if "{to}" not in sms["URL"] + sms["BODY"] or "{text}" not in sms["URL"] + sms["BODY"]:
        yield Trouble(
            "The gateway for text messages would not be told the number or the words.",
            "Put {to} and {text} into PARVIS_SMS_URL or PARVIS_SMS_BODY.",
        )
    try:
        json.loads(sms["BODY"] or "{}")
    except ValueError:
        yield Trouble("PARVIS_SMS_BODY is not JSON.", 'Example: {"to": "{to}", "body": "{text}"}')


def _jobs() -> Iterator[Trouble]:
    with suppress(DatabaseError):
        if jobs.nobody_works(timezone.now()):
            yield Trouble(
                "Background jobs are due, and nobody runs them: no mail and no message leaves.",
                "Start parvis serve, which runs them, or parvis work; its output says what failed.",
            )
