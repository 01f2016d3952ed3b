"""Triggers that make a table append-only in the database itself, on both engines."""

from collections.abc import Callable
from typing import Any

from django.db.migrations.operations import RunPython

_SQLITE = """
CREATE TRIGGER {table}_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRES = """
CREATE OR REPLACE FUNCTION parvis_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER {table}_{verb} BEFORE {VERB} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION parvis_append_only();
"""


def append_only(table: str, verbs: tuple[str, ...] = ("update", "delete")) -> RunPython:
    """A migration operation that forbids the verbs on the table, and can be taken back."""
    return RunPython(_each(table, verbs, _create), _each(table, verbs, _drop))


def _each(table: str, verbs: tuple[str, ...], statement: Callable[..., str]) -> Callable[..., None]:
    def run(apps: Any, schema_editor: Any) -> None:
        for verb in verbs:
            schema_editor.execute(statement(schema_editor.connection.vendor, table, verb), None)

    return run


def _create(vendor: str, table: str, verb: str) -> str:
    template = _SQLITE if vendor == "sqlite" else _POSTGRES
    return template.format(table=table, verb=verb, VERB=verb.upper())


def _drop(vendor: str, table: str, verb: str) -> str:
    where = "" if vendor == "sqlite" else f" ON {table}"
    return f"DROP TRIGGER {table}_{verb}{where}"
