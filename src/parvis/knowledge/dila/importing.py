"""The import itself: read, choose between twins, keep in small batches, report every file."""

import hashlib
import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from django.db import DataError, IntegrityError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.common.errors import Refused
from parvis.knowledge import actions
from parvis.knowledge.actions import National, Read, Step
from parvis.knowledge.dila import lines, reading, sources
from parvis.knowledge.dila.draft import (
    AnyDraft,
    Broken,
    Draft,
    Explained,
    NodeDraft,
    ResourceDraft,
    TreeDraft,
)
from parvis.knowledge.dila.report import FileReport, Report, Result
from parvis.knowledge.dila.sources import Source
from parvis.knowledge.models import ImportRun

# Small enough that a desk waiting for the database never notices, large enough to be quick.
BATCH = 40
STORAGE = "storage"  # refused for now: the same import goes on later
AUTHOR = "Service-Public / DILA"
TREE, MENU = "arborescence.xml", "menu.xml"
_REF = re.compile(r"^([FNR]\d+)\b")
_SHEET = re.compile(r"^F\d+\b")
_SCHEMA = re.compile(r"Schemas/(\d+\.\d+)/")
_QUICK = re.compile(rb"""(?:<(?:Publication|ServiceComplementaire)\b[^>]*?\bID="|"id"\s*:\s*")"""
                    rb"([FNR]\d+)\"")  # fmt: skip

log = logging.getLogger(__name__)


@dataclass
class Import:
    """One run over everything under a path; with ``log`` it can be seen and taken up again."""

    audience: str
    now: datetime
    progress: Callable[[int, int], None] = lambda done, total: None
    report: Report = field(default_factory=Report)
    clock: Callable[[], datetime] = timezone.now
    _log: ImportRun | None = None
    _seen: dict[str, str] = field(default_factory=dict)
    _twins: dict[Source, str] = field(default_factory=dict)
    _has_tree: bool = False
    _has_arborescence: bool = False

    def run(self, path: Path, *, atomic: bool = False, log: ImportRun | None = None) -> Report:
        """Take in every file; with ``atomic`` all of them or, after one broken file, none."""
        start = time.monotonic()
        found = sources.listed(path)
        names = {source.base_name.lower() for source in found}
        self._has_arborescence = TREE in names
        self._has_tree = self._has_arborescence or MENU in names
        self._twins = self._superfluous(found)
        self._log = log
        first = self._begin(found)
        if atomic:
            self._take_all_or_nothing(found)
        else:
            self._take(found, first)
        self.report.seconds = time.monotonic() - start
        return self.report

    def _begin(self, found: list[Source]) -> int:
        if self._log is None:
            return 0
        first = actions.begin(
            self._log, fingerprint=fingerprint(found), total=len(found), now=self.clock()
        )
        for source in found[:first]:
            self._remember(source)
        self.report.gone_on_from = first
        return first

    def _remember(self, source: Source) -> None:
        """Know again what was taken before the interruption, without reading it in full."""
        if source in self._twins:
            return
        try:
            ref = _QUICK.search(source.read()[:6000])
        except Broken:
            return
        if ref:
            self._seen.setdefault(ref[1].decode(), source.place)

    def _take(self, found: list[Source], first: int) -> None:
        for start in range(first, len(found), BATCH):
            step = self._step(found[start : start + BATCH], start)
            self._keep(step)
            self.progress(step.position, len(found))
            if self._is_cancelled():
                return
        self._finish(found)

    def _step(self, chunk: list[Source], start: int) -> Step:
        read, notes = [], []
        unknown: Counter[str] = Counter()
        for source in chunk:
            if source in self._twins:
                notes.append(_note(source, Result.EXPLAINED, self._twins[source]))
                continue
            try:
                read.append(self._read(source, unknown))
            except Explained as explained:
                notes.append(_note(source, Result.EXPLAINED, str(explained)))
            except Broken as broken:
                notes.append(_note(source, Result.BROKEN, broken.reason, line=broken.line))
            except Exception as error:
                # One file must never sink the others, whatever is wrong with it or with us.
                log.exception("import of %s", source.name)
                notes.append(_note(source, Result.FAILED, type(error).__name__))
        self.report.unknown.update(unknown)
        position = start + len(chunk)
        return Step(read, notes, dict(unknown), position, self.audience, self._has_tree)

    def _read(self, source: Source, unknown: Counter[str]) -> Read:
        draft = read(source, audience=self.audience)
        unknown.update(draft.unknown)
        if isinstance(draft, TreeDraft):
            if not draft.is_complete and self._has_arborescence:
                raise Explained(_("The order of the themes is read in %s.") % TREE)
            self._note_edition(draft.dated)
        if isinstance(draft, NodeDraft | ResourceDraft):
            return Read(source.name, source.line, self._once(draft.ref, source), draft)
        if isinstance(draft, Draft):
            ref = self._once(draft.ref, source)
            self._note_edition(draft.dated)
            return Read(source.name, source.line, ref, National.of(draft))
        return Read(source.name, source.line, "", draft)

    def _once(self, ref: str, source: Source) -> str:
        first = self._seen.setdefault(ref, source.place)
        if first != source.place:
            words = {"ref": ref, "name": first}
            raise Explained(_("%(ref)s is already in this import: %(name)s.") % words)
        return ref

    def _note_edition(self, dated: date | None) -> None:
        """The date of the newest file stands for the edition."""
        if self._log is not None and dated:
            self._log.edition = max(self._log.edition, dated.isoformat())

    def _superfluous(self, found: list[Source]) -> dict[Source, str]:
        """Files that another file of the same sheet makes superfluous, with the reason."""
        named = sorted(
            ((match[1], s) for s in found if not s.is_line and (match := _REF.match(s.base_name))),
            key=lambda pair: (pair[0], pair[1].name),
        )
        superfluous: dict[Source, str] = {}
        for ref, pairs in groupby(named, key=lambda pair: pair[0]):
            group = [source for _ref, source in pairs]
            if len(group) > 1:
                best = max(group, key=self._recency)
                reason = _("A more recent text of %(ref)s is in this import: %(name)s.")
                words = reason % {"ref": ref, "name": best.name}
                superfluous |= {source: words for source in group if source is not best}
        return superfluous

    def _recency(self, source: Source) -> tuple[str, str, str]:
        try:
            draft = read(source, audience=self.audience)
        except (Broken, Explained):
            return ("", "", source.name)  # read again, and reported, only if it stands alone
        if not isinstance(draft, Draft):
            return ("", "", source.name)
        schema = _SCHEMA.search(draft.raw[:2000])
        dated = draft.dated.isoformat() if draft.dated else ""
        return (dated, schema[1] if schema else "", source.name)

    def _keep(self, step: Step) -> None:
        try:
            self.report.files += self._store(step)
        except (DataError, IntegrityError):
            self._keep_one_by_one(step)

    def _keep_one_by_one(self, step: Step) -> None:
        """One of these the database refuses: the others are taken all the same."""
        notes = list(step.notes)
        before = self._log.position if self._log else 0
        for one in step.read:
            try:
                alone = replace(step, read=[one], notes=[], unknown={}, position=before)
                self.report.files += self._store(alone)
            except (DataError, IntegrityError):
                log.exception("storing %s", one.name)
                reason = _("The database refused this sheet.")
                notes.append(FileReport(one.name, one.line, Result.FAILED, reason, one.ref))
        self.report.files += self._store(replace(step, read=[], notes=notes))

    def _store(self, step: Step) -> list[FileReport]:
        try:
            return actions.take_step(step, self._log, now=self.now, at=self.clock(), author=AUTHOR)
        except OperationalError as error:
            raise Refused(_full(error), code=STORAGE) from error

    def _take_all_or_nothing(self, found: list[Source]) -> None:
        steps = []
        for start in range(0, len(found), BATCH):
            steps.append(self._step(found[start : start + BATCH], start))
            self.progress(steps[-1].position, len(found))
            if self._is_cancelled(steps[-1].position):
                return
        notes = [note for step in steps for note in step.notes]
        every = [one for step in steps for one in step.read]
        if {note.result for note in notes} & {Result.BROKEN, Result.FAILED}:
            reason = _("All or nothing: another file is broken.")
            notes += [FileReport(r.name, r.line, Result.UNDONE, reason, r.ref) for r in every]
            self._close(notes, state=ImportRun.State.REFUSED)
            return
        try:
            kept, gone = actions.keep_everything(
                [step.batch for step in steps],
                now=self.now,
                author=AUTHOR,
                withdraw=self._to_withdraw(found),
            )
        except OperationalError as error:
            raise Refused(_full(error), code=STORAGE) from error
        notes += [one.report(what) for one, what in zip(every, kept, strict=True)]
        self._close(notes + _gone(gone))

    def _close(self, files: list[FileReport], *, state: str = ImportRun.State.DONE) -> None:
        self.report.files += files
        if self._log is not None:
            unknown = dict(self.report.unknown)
            actions.end_import(
                self._log, now=self.clock(), state=state, last=files, unknown=unknown
            )

    def _finish(self, found: list[Source]) -> None:
        """What only the whole edition tells: sheets that it no longer has."""
        withdraw = self._to_withdraw(found)
        files: list[FileReport] = []
        if withdraw is not None:
            audience, refs = withdraw
            files = _gone(actions.withdraw_sheets(audience, except_refs=refs))
        self.report.files += files
        if self._log is not None:
            actions.end_import(self._log, now=self.clock(), last=files)

    def _to_withdraw(self, found: list[Source]) -> tuple[str, frozenset[str]] | None:
        """The sheets to keep, when this is an edition with its whole tree."""
        tree = next((s for s in found if s.base_name.lower() == TREE), None)
        files = {match[0] for s in found if (match := _SHEET.match(s.base_name))}
        if tree is None or not files:
            return None
        try:
            draft = read(tree, audience=self.audience)
        except (Broken, Explained):
            return None
        if not isinstance(draft, TreeDraft) or not draft.refs:
            return None
        return (self.audience, frozenset(draft.refs | files | self._seen.keys()))

    def _is_cancelled(self, reading: int | None = None) -> bool:
        if self._log is None:
            return False
        position = self._log.position if reading is None else reading
        if actions.note_reading(self._log, position, now=self.clock()):
            return False
        self.report.was_cancelled = True
        actions.end_import(self._log, now=self.clock(), state=ImportRun.State.CANCELLED)
        return True


def read(source: Source, *, audience: str) -> AnyDraft:
    """One source as a draft, by what its name says it is."""
    if source.line is not None:
        return lines.read(source.read(), source.line)
    if source.suffix != ".xml":
        raise Explained(_("Not a sheet: neither XML nor JSON lines."))
    return reading.read(source.read(), source.base_name, audience=audience)


def fingerprint(found: list[Source]) -> str:
    """The same for the same files: what was interrupted goes on only with these."""
    told = hashlib.sha256()
    for source in found:
        told.update(f"{source.place}\0{source.mark}\n".encode(errors="surrogateescape"))
    return told.hexdigest()


def _note(source: Source, result: Result, reason: str, *, line: int | None = None) -> FileReport:
    return FileReport(source.name, line if line is not None else source.line, result, reason)


def _gone(refs: list[str] | None) -> list[FileReport]:
    if refs is None:
        reason = _("This edition lacks more than half of the sheets held: none was withdrawn.")
        return [FileReport(TREE, None, Result.EXPLAINED, reason)]
    reason = _("No longer in the national set.")
    return [FileReport(ref, None, Result.WITHDRAWN, reason, ref) for ref in refs]


def _full(error: OperationalError) -> str:
    return _("The database cannot be written to (%s). Run again to go on from here.") % error
