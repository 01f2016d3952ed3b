"""Writing very many rows at once into the rooms' own tables, on both engines."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

_BATCH = 20_000
_SECONDS_A_DAY = 86_400
_LARGE, _USUAL = "cache_size = -400000", "cache_size = -65536"  # KiB
_CLOCK = [
    f"{hour:02}:{minute:02}:{second:02}"
    for hour in range(24)
    for minute in range(60)
    for second in range(60)
]
_days: dict[int, str] = {}


def stamp(at: int) -> str:
    """An instant (seconds since 1970) as both databases read it, in UTC."""
    day, second = divmod(at, _SECONDS_A_DAY)
    if day not in _days:
        _days[day] = time.strftime("%Y-%m-%d ", time.gmtime(day * _SECONDS_A_DAY))
    return _days[day] + _CLOCK[second]


class Table:
    """Rows of one model, kept until there are enough to be written in one go.

    Instants are given as seconds since 1970, JSON as text; the key is given by us, so that rows
    of several tables can name each other before any is written.
    """

    def __init__(self, model: type[models.Model], columns: str) -> None:
        by_name = {field.name: field for field in model._meta.concrete_fields}
        fields = [by_name[name] for name in columns.split()]
        self.model = model
        self.next_id = (model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1
        self.written = 0
        # Whatever a room adds to its table later has its default in the demo town's past.
        usual = [
            field
            for field in by_name.values()
            if not field.primary_key and not field.null and field not in fields
        ]
        self._usual = tuple(
            field.get_db_prep_save(field.get_default(), connection) for field in usual
        )
        self._columns = ["id", *(field.column or "" for field in (*fields, *usual))]
        self._instants = [
            place
            for place, field in enumerate(fields, start=1)
            if isinstance(field, models.DateTimeField)
        ]
        self._rows: list[tuple[Any, ...]] = []

    def new_id(self) -> int:
        """The next key, for a row that is written later."""
        self.next_id += 1
        return self.next_id - 1

    def add(self, *values: Any) -> int:
        """Keep one row; gives back its key."""
        key = self.new_id()
        self.put(key, *values)
        return key

    def put(self, key: int, *values: Any) -> None:
        """Keep one row whose key was taken before."""
        row = [key, *values]
        for place in self._instants:
            if row[place] is not None:
                row[place] = stamp(row[place])
        self._rows.append((*row, *self._usual))
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what was kept."""
        if self._rows:
            _write(self.model._meta.db_table, self._columns, self._rows)
            self.written += len(self._rows)
            self._rows = []


def _write(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608 - our names
        # Below Django's wrapper, which rewrites the statement for every batch.
        connection.connection.executemany(statement, rows)


@contextlib.contextmanager
def in_a_hurry() -> Iterator[None]:
    """Load without waiting for the disk: a demo that is cut short is simply made again."""
    hurried = connection.vendor == "sqlite" and not connection.in_atomic_block
    if hurried:
        _pragmas("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF", _LARGE)
    try:
        yield
    finally:
        if hurried:
            _pragmas("foreign_keys = ON", "synchronous = FULL", "journal_mode = WAL", _USUAL)


def _pragmas(*settings: str) -> None:
    with connection.cursor() as cursor:
        for setting in settings:
            cursor.execute(f"PRAGMA {setting}")


def settle() -> None:
    """Let PostgreSQL count on from the keys that were given by us, and know how much there is."""
    statements = connection.ops.sequence_reset_sql(no_style(), list(apps.get_models()))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            # Else the first pages are planned for empty tables. Ours only: the server's own tables
            # are locked by whoever else looks at them.
            tables = connection.introspection.django_table_names(only_existing=True)
            cursor.execute("ANALYZE " + ", ".join(map(connection.ops.quote_name, tables)))
