"""What was erased stays erased, also after an older copy of the database came back.

Each erasure leaves a keyed hash of what it was, in the database and in a file beside it. The file
outlives a restore: whatever it names and the database does not is erased again, before anybody
is let in.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from parvis.common import erasing, personal
from parvis.common.models import Tombstone
from parvis.common.personal import Root

NAME = "tombstones.jsonl"


@dataclass(frozen=True)
class Stone:
    """One line of the file."""

    kind: str
    mark: str
    at: str
    obliged: bool = True


def path() -> Path:
    """Where this installation keeps them beside its database."""
    return Path(settings.VAR) / NAME


def mark_of(root: Root, row: Any, *, obliged: bool) -> str:
    """What tells a row from all others, as a hash that only this installation can make."""
    said = [
        root.model,
        "all" if obliged else "wish",
        *(_plain(getattr(row, name)) for name in root.marks),
    ]
    key = f"parvis.tombstone:{settings.SECRET_KEY}".encode()
    return hmac.new(key, "\0".join(said).encode(), hashlib.sha256).hexdigest()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def lay(root: Root, rows: Iterable[Any], *, now: datetime, obliged: bool = True) -> None:
    """Remember, inside the transaction that erases them, that these rows were erased.

    The file comes first: should the transaction fail after that, what the line names was meant
    to be erased, and is at the next start.
    """
    stones = [
        Stone(root.model, mark_of(root, row, obliged=obliged), now.isoformat(), obliged)
        for row in rows
    ]
    known = set(
        Tombstone.objects.filter(mark__in=[stone.mark for stone in stones]).values_list(
            "mark", flat=True
        )
    )
    _append(stone for stone in stones if stone.mark not in known)
    _note(stones)


def _append(stones: Iterable[Stone]) -> None:
    lines = "".join(json.dumps(asdict(stone)) + "\n" for stone in stones)
    if not lines:
        return
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _note(stones: Iterable[Stone]) -> None:
    Tombstone.objects.bulk_create(
        [
            Tombstone(
                kind=stone.kind,
                mark=stone.mark,
                at=datetime.fromisoformat(stone.at),
                obliged=stone.obliged,
            )
            for stone in stones
        ],
        ignore_conflicts=True,
    )


def read(source: Path) -> Iterator[Stone]:
    """The stones of a file; a last line cut short by a crash named nothing erased yet."""
    if not source.exists():
        return
    for line in source.read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(line)
            yield Stone(said["kind"], said["mark"], said["at"], bool(said.get("obliged", True)))
        except (ValueError, KeyError, TypeError):
            continue


def write_beside(target: Path) -> None:
    """Put the whole list into the folder of a backup, where each restore finds the newest one."""
    rows = Tombstone.objects.order_by("at", "id").values_list("kind", "mark", "at", "obliged")
    stones = {mark: Stone(kind, mark, at.isoformat(), obliged) for kind, mark, at, obliged in rows}
    for source in (path(), target):
        stones |= {stone.mark: stone for stone in read(source) if stone.mark not in stones}
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        draft.write_text("".join(json.dumps(asdict(one)) + "\n" for one in stones.values()))
        draft.chmod(0o600)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def apply(*sources: Path, now: datetime) -> int:
    """Erase again what was erased after this database was copied; gives back how many."""
    known = set(Tombstone.objects.values_list("mark", flat=True))
    found = {stone.mark: stone for source in (path(), *sources) for stone in read(source)}
    missing = [stone for stone in found.values() if stone.mark not in known]
    erased = sum(
        _apply_to(root, {one.mark: one for one in missing if one.kind == root.model}, now)
        for root in personal.roots()
    )
    if missing:
        in_file = {stone.mark for stone in read(path())}
        _append(stone for stone in missing if stone.mark not in in_file)
        erasing.sweep_files(now=now)
        erasing.scrub_database()
    return erased


def _apply_to(root: Root, stones: dict[str, Stone], now: datetime) -> int:
    if not stones:
        return 0
    erased = 0
    for row in root.rows().only("pk", *root.marks).iterator():
        for obliged in (True, False):
            if mark_of(root, row, obliged=obliged) in stones:
                with transaction.atomic():
                    erasing.empty(root, [row.pk], now=now, obliged=obliged)
                erased += 1
                break
    _note(stones.values())
    return erased
