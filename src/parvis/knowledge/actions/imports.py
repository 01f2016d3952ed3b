"""Every change to an import: asked for, under way, batch by batch, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.knowledge.actions import resources, tree
from parvis.knowledge.actions.national import Kept, National, keep_national
from parvis.knowledge.dila.draft import (
    DatesDraft,
    ListDraft,
    NodeDraft,
    RedirectionsDraft,
    ResourceDraft,
    TreeDraft,
)
from parvis.knowledge.dila.report import FileReport, Result
from parvis.knowledge.models import ImportRun

Index = TreeDraft | RedirectionsDraft | DatesDraft | ListDraft
Readable = National | ResourceDraft | NodeDraft | Index

LONGEST_REPORT = 1000
# A run that gave no sign of life for so long has lost its worker.
SILENT = timedelta(minutes=2)
QUIET = {Result.NEW, Result.CHANGED, Result.UNCHANGED}


@dataclass(frozen=True)
class Batch:
    """What was read of some files, ready to be kept together."""

    items: Sequence[Readable]
    audience: str
    has_tree: bool  # another file of this import tells the order of the themes


@transaction.atomic
def ask_import(
    *,
    origin: str,
    source: str,
    audience: str,
    now: datetime,
    stored_at: str = "",
    is_atomic: bool = False,
    actor: Agent | None = None,
) -> ImportRun:
    """Write down that an import is wanted; refused while another of this audience is waiting."""
    open_states = [ImportRun.State.WAITING, ImportRun.State.RUNNING]
    busy = ImportRun.objects.filter(audience=audience, state__in=open_states)
    if actor is not None and busy.filter(_is_alive(now)).exists():
        raise Refused(_("An import of these sheets is already under way: wait for its end."))
    run = ImportRun.objects.create(
        origin=origin,
        source=source[:500],
        stored_at=stored_at,
        audience=audience,
        is_atomic=is_atomic,
        started_by=actor,
        asked_at=now,
    )
    if actor is not None:
        journal.record(actor, "knowledge.import_asked", run, source=run.source)
    return run


def _is_alive(now: datetime) -> Q:
    return Q(state=ImportRun.State.WAITING) | Q(seen_at__gt=now - SILENT)


@transaction.atomic
def claim(run_id: int, *, now: datetime) -> ImportRun | None:
    """Take a waiting or stranded import; None when somebody works on it or it has ended."""
    stranded = Q(state=ImportRun.State.RUNNING) & (
        Q(seen_at__lte=now - SILENT) | Q(seen_at__isnull=True)
    )
    claimed = ImportRun.objects.filter(
        Q(state=ImportRun.State.WAITING) | stranded, pk=run_id
    ).update(state=ImportRun.State.RUNNING, seen_at=now)
    if not claimed:
        return None
    run = ImportRun.objects.get(pk=run_id)
    if run.started_at is None:
        run.started_at = now
        run.save(update_fields=["started_at"])
    return run


@transaction.atomic
def stored(run: ImportRun, path: str, *, now: datetime) -> None:
    """The bytes of this import lie here."""
    run.stored_at, run.seen_at = path, now
    run.save(update_fields=["stored_at", "seen_at"])


@transaction.atomic
def begin(run: ImportRun, *, fingerprint: str, total: int, now: datetime) -> int:
    """Start an import, or go on where the same files were left; gives the position."""
    if run.fingerprint != fingerprint or run.is_atomic:
        run.position, run.counts, run.report, run.unknown = 0, {}, [], {}
    run.fingerprint, run.total, run.seen_at = fingerprint, total, now
    run.started_at = run.started_at or now
    run.state = ImportRun.State.RUNNING
    run.save()
    return run.position


def interrupted(*, fingerprint: str, audience: str, is_atomic: bool) -> ImportRun | None:
    """The import of the same files that was killed on its way."""
    return ImportRun.objects.filter(
        origin=ImportRun.Origin.PATH,
        state=ImportRun.State.RUNNING,
        fingerprint=fingerprint,
        audience=audience,
        is_atomic=is_atomic,
    ).first()


@transaction.atomic
def note_reading(run: ImportRun, position: int, *, now: datetime) -> bool:
    """Show how far the reading is; False when somebody asked to stop."""
    run.position, run.seen_at = position, now
    run.save(update_fields=["position", "seen_at"])
    return not ImportRun.objects.filter(pk=run.pk, cancel_asked=True).exists()


@transaction.atomic
def keep_batch(batch: Batch, *, now: datetime, author: str) -> list[Kept]:
    """Store what some files told, all or none; says for each what became of it."""
    kept: dict[int, Kept] = {}
    for kind, keep in _KEEPERS:
        places = [place for place, one in enumerate(batch.items) if isinstance(one, kind)]
        if places:
            chosen: list[Any] = [batch.items[place] for place in places]
            kept |= dict(zip(places, keep(chosen, batch, now, author), strict=True))
    return [kept[place] for place in range(len(batch.items))]


def _sheets(items: list[National], batch: Batch, now: datetime, author: str) -> list[Kept]:
    return keep_national(items, audience=batch.audience, now=now, author=author)


def _resources(
    items: list[ResourceDraft], batch: Batch, _now: datetime, _author: str
) -> list[Kept]:
    return resources.keep_resources(items, audience=batch.audience)


def _nodes(items: list[NodeDraft], batch: Batch, _now: datetime, _author: str) -> list[Kept]:
    return tree.keep_nodes(items, audience=batch.audience, has_tree=batch.has_tree)


def _indexes(items: list[Index], batch: Batch, _now: datetime, _author: str) -> list[Kept]:
    return [_index(one, batch.audience) for one in items]


def _index(one: Index, audience: str) -> Kept:
    match one:
        case TreeDraft():
            return tree.keep_tree(one.branches, audience=audience, is_complete=one.is_complete)
        case RedirectionsDraft():
            return resources.keep_redirections(one.moves, audience=audience)
        case DatesDraft():
            return resources.keep_dates(one.days, audience=audience)
        case ListDraft():
            return resources.keep_list(one, audience=audience)


_KEEPERS: tuple[tuple[Any, Any], ...] = (
    (National, _sheets),
    (ResourceDraft, _resources),
    (NodeDraft, _nodes),
    ((TreeDraft, RedirectionsDraft, DatesDraft, ListDraft), _indexes),
)


@transaction.atomic
def keep_everything(
    batches: Sequence[Batch],
    *,
    now: datetime,
    author: str,
    withdraw: tuple[str, frozenset[str]] | None,
) -> tuple[list[Kept], list[str] | None]:
    """All of an edition or nothing of it, in one transaction."""
    kept = [what for batch in batches for what in keep_batch(batch, now=now, author=author)]
    gone: list[str] | None = []
    if withdraw is not None:
        audience, refs = withdraw
        gone = tree.withdraw_sheets(audience, except_refs=refs)
    return kept, gone


@dataclass(frozen=True)
class Read:
    """One file that was read, with what it told."""

    name: str
    line: int | None
    ref: str
    item: Readable

    def report(self, kept: Kept) -> FileReport:
        """What became of it."""
        reason = _("What is stored is more recent.") if kept is Kept.OLDER else ""
        return FileReport(self.name, self.line, Result(kept.value), reason, self.ref)


@dataclass(frozen=True)
class Step:
    """Some files in a row: what they told, what is to be said of the others, how far we are."""

    read: Sequence[Read]
    notes: Sequence[FileReport]
    unknown: dict[str, int]
    position: int
    audience: str
    has_tree: bool

    @property
    def batch(self) -> Batch:
        return Batch([one.item for one in self.read], self.audience, self.has_tree)


@transaction.atomic
def take_step(
    step: Step, run: ImportRun | None, *, now: datetime, at: datetime, author: str
) -> list[FileReport]:
    """Store some files and how far the import is, in one: when killed it goes on exactly there."""
    kept = keep_batch(step.batch, now=now, author=author)
    files = [*step.notes, *(one.report(what) for one, what in zip(step.read, kept, strict=True))]
    if run is not None:
        note_files(run, files, step.unknown)
        run.position, run.seen_at = step.position, at
        run.save(update_fields=["position", "seen_at", "counts", "report", "unknown", "edition"])
    return files


def note_files(run: ImportRun, files: Sequence[FileReport], unknown: dict[str, int]) -> None:
    """Add what became of some files to the account of the import, which the caller saves."""
    counts = dict(run.counts)
    for file in files:
        counts[file.result.value] = counts.get(file.result.value, 0) + 1
    told = [file.as_dict() for file in files if file.result not in QUIET]
    run.counts = counts
    run.report = (run.report + told)[:LONGEST_REPORT]
    run.unknown = {k: run.unknown.get(k, 0) + unknown.get(k, 0) for k in {*run.unknown, *unknown}}


@transaction.atomic
def end_import(
    run: ImportRun,
    *,
    now: datetime,
    state: str = ImportRun.State.DONE,
    words: str = "",
    last: Sequence[FileReport] = (),
    unknown: dict[str, int] | None = None,
) -> None:
    """The import is over; its bytes are no longer wanted."""
    note_files(run, last, unknown or {})
    run.state, run.words, run.ended_at, run.seen_at = state, words, now, now
    run.stored_at = ""
    run.save(
        update_fields=[
            "state",
            "words",
            "ended_at",
            "seen_at",
            "stored_at",
            "counts",
            "report",
            "unknown",
            "edition",
        ]
    )
    journal.record(run.started_by, "knowledge.import_ended", run, state=state, counts=run.counts)


@transaction.atomic
def cancel_import(run: ImportRun, *, actor: Agent, now: datetime) -> None:
    """Stop an import after the batch that it is at; what was taken stays."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.WAITING)
    if waiting.update(state=ImportRun.State.CANCELLED, ended_at=now):
        journal.record(actor, "knowledge.import_cancelled", run)
        return
    under_way = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING)
    if not under_way.update(cancel_asked=True):
        raise Refused(_("This import has ended already."))
    journal.record(actor, "knowledge.import_cancelled", run)
