"""Somebody of whom every room holds something, and the words to find again in every column.

A room adds itself with ``tests/<room>/people.py``: ``PLANTED``, functions that write down through
its actions something about the person and the case they are given.
"""

import importlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from parvis.cases.models import Case
from parvis.common import erasing, files, personal
from parvis.common.personal import Held, Without
from parvis.contacts.models import Person

CANARY = "zqxpersonne"
Planter = Callable[[Person, Case], None]
ROOMS = sorted({path.parent.name for path in Path("tests").glob("*/people.py")} - {"support"})
SHORTEST = 24  # shorter columns hold codes
OF_THE_HOUSE = {
    "sender",
    "fingerprint",
    "scan_kind",
    "legal_reference",
    "appeal",
    "kind",
    "digest",
    "reference",
}


def plant(person: Person, case: Case) -> None:
    """Let every room write something about them, then fill every column with canaries."""
    write(person, case)
    with transaction.atomic(), erasing.lawfully():
        for held, rows in tables_of(person):
            for row in rows:
                _fill(held, row)


def write(person: Person, case: Case) -> None:
    """Let every room write something about them."""
    for room in ROOMS:
        for planter in importlib.import_module(f"tests.{room}.people").PLANTED:
            planter(person, case)


def tables_of(person: Person) -> Iterator[tuple[Held, list[Any]]]:
    """Every declared table with its rows of this person."""
    person.refresh_from_db()
    reached = personal.reach("contacts.Person", [person.pk])
    found = [(held, list(held.reached(reached, [person.email]))) for held in personal.held()]
    yield from found


def _fill(held: Held, row: Any) -> None:
    for column in row._meta.concrete_fields:
        if _may_hold_words(held, column):
            # A constraint may say that this row has no such words: then there are none.
            with suppress(IntegrityError), transaction.atomic():
                word = {column.name: _word(held, column)}
                type(row)._base_manager.filter(pk=row.pk).update(**word)


def _may_hold_words(held: Held, column: Any) -> bool:
    if isinstance(column, models.JSONField):
        return (held.emptied or {}).get(column.name) != []
    if not isinstance(column, models.CharField | models.TextField):
        return False
    short = column.max_length is not None and column.max_length < SHORTEST
    if f"{held.model}.{column.name}" == "mail.ReceivedMail.reason":
        return False  # a code of the rules of sorting
    house = column.name in OF_THE_HOUSE or column.name.endswith("_hash")
    return not (short or column.choices or column.unique or house)


def _word(held: Held, column: Any) -> Any:
    word = f"{CANARY} {held.model}.{column.name}".replace(".", "").lower()
    if isinstance(column, models.JSONField):
        emptied = (held.emptied or {}).get(column.name)
        keys = emptied.keys if isinstance(emptied, Without) else ("words",)
        return dict.fromkeys(keys, word)
    if column.name in held.known_by:  # as the person's own, by which it is found
        number = f"{CANARY} contactspersonphone"[: column.max_length]
        return number if column.name == "phone" else f"{CANARY}@contactsperson.example"
    if isinstance(column, models.EmailField):
        return f"{CANARY}@{held.model.replace('.', '').lower()}.example"
    return word[: column.max_length] if column.max_length else word


def seen() -> dict[str, int]:
    """Where the canary is still found: database with its free pages, files of the house."""
    places = {"database": database().count(CANARY.encode())}
    folders = {Path(settings.VAR), files.folder()}
    for path in sorted({one for folder in folders for one in folder.rglob("*") if one.is_file()}):
        places[path.name] = path.read_bytes().count(CANARY.encode())
    return {place: count for place, count in places.items() if count}


def database() -> bytes:
    """All bytes of the database: its pages on SQLite, every row of every table elsewhere."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        # The job that carries out a slip writes the file anew in the end (erasing.scrub_database):
        # pages that were split keep a piece of a row between their cells until then.
        with closing(sqlite3.connect(":memory:")) as copy:
            pages = bytearray(connection.connection.serialize())
            pages[18] = pages[19] = 1  # a copy in memory has no write-ahead log
            copy.deserialize(bytes(pages))
            copy.execute("VACUUM")
            return bytes(copy.serialize())
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - our own tables
            parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts).encode()


def without_row(person: Person) -> list[str]:
    """Declared tables of which nobody planted a row."""
    return [held.model for held, rows in tables_of(person) if not rows]


def tables_of_words() -> set[str]:
    """Every table of the upper rooms with a column in which somebody's words may stand."""
    upper = {model._meta.app_label for model in apps.get_models()} & UPPER
    return {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in upper
        and any(
            isinstance(column, models.CharField | models.TextField | models.JSONField)
            for column in model._meta.concrete_fields
        )
    }


# The rooms below keep what the house says and who works there; nobody of the public.
UPPER = {
    "common", "contacts", "queue", "cases", "departments", "appointments", "feedback", "mail",
    "letters", "privacy",
}  # fmt: skip


def contexts() -> list[bytes]:
    """What stands around each canary that is left, for whoever looks for a leak."""
    found = database()
    places = [one.start() for one in re.finditer(CANARY.encode(), found)]
    return [found[max(place - 60, 0) : place + 60] for place in places]
