"""Emptying what is kept of somebody: through every room, past the append-only tables."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from parvis.common import files, personal
from parvis.common.models import IdempotencyKey, JournalEntry
from parvis.common.personal import Held, Root, Without

AT_ONCE = 500


@contextmanager
def lawfully() -> Iterator[None]:
    """Open the append-only tables for what is erased in this transaction, and for it only."""
    if not connection.in_atomic_block:
        raise RuntimeError("erasing needs a transaction")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Nobody else writes meanwhile: the transaction holds the one lock there is.
            cursor.execute("INSERT INTO common_erasing (reason) VALUES ('erasing')")
        else:
            cursor.execute("SELECT set_config('parvis.erasing', 'on', true)")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                _shut(cursor)


def _shut(cursor: Any) -> None:
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM common_erasing")
    else:
        cursor.execute("SELECT set_config('parvis.erasing', 'off', true)")


@transaction.atomic
def empty(
    root: Root,
    keys: Iterable[Any],
    *,
    now: datetime,
    obliged: bool = True,
    known: Iterable[str] = (),
) -> Counter[str]:
    """Empty everything that hangs on these roots; gives back how many rows of each table.

    ``obliged=False`` leaves what the law tells us to keep until its term; ``known`` are addresses
    by which rows are found that nobody linked.
    """
    reached = personal.reach(root.model, keys, obliged=obliged)
    known, counts = list(known), Counter[str]()
    with lawfully():
        for label, some in reached.items():
            _quiet_journal(label, sorted(some))
        for held in reversed(personal.held()):
            if obliged or not held.obliged:
                counts[held.model] += _empty_rows(held, held.reached(reached, known), now)
    return +counts


def _empty_rows(held: Held, rows: models.QuerySet[Any], now: datetime) -> int:
    keys = list(rows.values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        _quiet_journal(held.model, some)
        part = rows.model._base_manager.filter(pk__in=some)
        if held.emptied is None:
            part.delete()
        else:
            _blank(part, held.emptied, now)
    return len(keys)


def _blank(rows: models.QuerySet[Any], emptied: Any, now: datetime) -> None:
    plain = {
        name: value(now) if callable(value) else value
        for name, value in emptied.items()
        if not isinstance(value, Without)
    }
    if plain:
        rows.update(**plain)
    for name, value in emptied.items():
        if isinstance(value, Without):
            for pk, data in list(rows.values_list("pk", name)):
                kept = {key: said for key, said in (data or {}).items() if key not in value.keys}
                if kept != data:
                    rows.model._base_manager.filter(pk=pk).update(**{name: kept})


def _quiet_journal(label: str, keys: list[Any]) -> None:
    """The journal keeps who did what and when; what was said goes."""
    JournalEntry.objects.filter(
        object_type=label.lower(), object_id__in=[str(key) for key in keys]
    ).exclude(data={}).update(data={})


def still_holding(held: Held, root: Root, scope: Any, before: datetime) -> models.QuerySet[Any]:
    """The rows of roots that ended before this instant, and that are not emptied yet."""
    wanted = Q(pk__in=[])
    for path in held.of.get(root.model, ()):
        step = "" if path == "pk" else f"{path}__"
        wanted |= Q(**{f"{step}{root.scope}": scope, f"{step}{root.ended}__lt": before})
    rows: models.QuerySet[Any] = apps.get_model(held.model)._base_manager.filter(wanted)
    if held.emptied is None:
        return rows.order_by("pk")
    full = Q(pk__in=[])
    for name, value in held.emptied.items():
        if isinstance(value, Without):
            full |= Q(**{f"{name}__has_any_keys": list(value.keys)})
        elif not callable(value):
            full |= ~Q(**{name: value}) if value is not None else Q(**{f"{name}__isnull": False})
    return rows.filter(full).order_by("pk")


@transaction.atomic
def empty_aged(root: Root, *, scope: Any, before: datetime, now: datetime, most: int) -> int:
    """Empty what ended before this instant, some at a time; gives back how many rows."""
    left = most
    with lawfully():
        for held in reversed(personal.held()):
            if root.model not in held.of or left <= 0:
                continue
            keys = list(
                still_holding(held, root, scope, before).values_list("pk", flat=True)[:left]
            )
            rows = apps.get_model(held.model)._base_manager.filter(pk__in=keys)
            left -= _empty_rows(held, rows, now)
    return most - left


def drop_traces(words: Iterable[str]) -> int:
    """Drop stored answers and jobs in which somebody's address or reference stands."""
    known = [word for word in words if len(word) >= 5]
    if not known:
        return 0
    answers, jobs = Q(pk__in=[]), Q(pk__in=[])
    for word in known:
        answers |= Q(answer__icontains=word)
        jobs |= Q(args_kwargs__icontains=word) | Q(return_value__icontains=word)
    dropped = IdempotencyKey.objects.filter(answers).delete()[0]
    ended = DBTaskResult.objects.filter(jobs).exclude(finished_at=None)
    return dropped + ended.delete()[0]


def sweep_files(*, now: datetime) -> int:
    """Remove the contents that no row names any more; a fresh one may be named in a moment."""
    if unsaid := personal.undeclared_files():
        raise RuntimeError(f"nothing is swept before these are declared: {sorted(unsaid)}")
    named, gone = set(personal.digests()), 0
    last = (now - files.UNNAMED_FOR).timestamp()
    for path in files.stored():
        if path.name not in named and path.stat().st_mtime < last:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def scrub_database() -> None:
    """Write the SQLite file anew, so that its free pages keep nothing; elsewhere VACUUM does it."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
