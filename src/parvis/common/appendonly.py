"""Triggers that make a table append-only in the database itself, on both engines."""

from collections.abc import Callable
from typing import Any

from django.db.migrations.operations import RunPython

# Erasing opens the tables lawfully (see ``erasing.lawfully``), and only inside its transaction.
_DOOR = "CREATE TABLE IF NOT EXISTS common_erasing (reason varchar(20) NOT NULL)"
_SQLITE = """
CREATE TRIGGER {table}_{verb} BEFORE {VERB} ON {table}
WHEN NOT EXISTS (SELECT 1 FROM common_erasing)
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION parvis_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
IF current_setting('parvis.erasing', true) = 'on' THEN RETURN NULL; END IF;
RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""
_POSTGRES = """
CREATE TRIGGER {table}_{verb} BEFORE {VERB} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION parvis_append_only();
"""


def append_only(table: str, verbs: tuple[str, ...] = ("update", "delete")) -> RunPython:
    """A migration operation that forbids the verbs on the table, and can be taken back."""
    return RunPython(_each(table, verbs, _create), _each(table, verbs, _drop))


def _each(table: str, verbs: tuple[str, ...], statement: Callable[..., str]) -> Callable[..., None]:
    def run(apps: Any, schema_editor: Any) -> None:
        schema_editor.execute(door(schema_editor.connection.vendor), None)
        for verb in verbs:
            schema_editor.execute(statement(schema_editor.connection.vendor, table, verb), None)

    return run


def door(vendor: str) -> str:
    """What the triggers ask before they say no: the door that only erasing opens."""
    return _DOOR if vendor == "sqlite" else _FUNCTION


def with_door(trigger: str) -> str:
    """A trigger of SQLite as it was written before there was a door, and now with it."""
    head, begin, body = trigger.partition("BEGIN SELECT RAISE")
    door = "WHEN NOT EXISTS (SELECT 1 FROM common_erasing)"
    return "\n".join([head.rstrip(), door, begin + body])


def _create(vendor: str, table: str, verb: str) -> str:
    template = _SQLITE if vendor == "sqlite" else _POSTGRES
    return template.format(table=table, verb=verb, VERB=verb.upper())


def _drop(vendor: str, table: str, verb: str) -> str:
    where = "" if vendor == "sqlite" else f" ON {table}"
    return f"DROP TRIGGER {table}_{verb}{where}"
