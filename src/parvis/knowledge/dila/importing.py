"""The import itself: read, choose between twins, keep in small batches, report every file."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path

from django.db import DataError, IntegrityError, OperationalError
from django.utils.translation import gettext as _

from parvis.common.errors import Refused
from parvis.knowledge import actions
from parvis.knowledge.actions import Kept, National
from parvis.knowledge.dila import lines, publication, sources
from parvis.knowledge.dila.draft import Broken, Draft, Explained
from parvis.knowledge.dila.report import FileReport, Report, Result
from parvis.knowledge.dila.sources import Source

# Small enough that a desk waiting for the database never notices, large enough to be quick.
BATCH = 40
AUTHOR = "Service-Public / DILA"
_REF = re.compile(r"^(F\d+)\b")
_SCHEMA = re.compile(r"Schemas/(\d+\.\d+)/")

log = logging.getLogger(__name__)


@dataclass
class Import:
    """One run over everything under a path."""

    audience: str
    now: datetime
    progress: Callable[[int, int], None] = lambda done, total: None
    report: Report = field(default_factory=Report)
    _seen: dict[str, Source] = field(default_factory=dict)

    def run(self, path: Path, *, atomic: bool = False) -> Report:
        """Take in every sheet; with ``atomic`` all of them or, after one broken file, none."""
        start = time.monotonic()
        found = sources.listed(path)
        readable = self._read_all(found)
        if atomic:
            self._keep_all_or_nothing(list(readable))
        else:
            while batch := list(islice(readable, BATCH)):
                self._keep(batch)
        self.report.seconds = time.monotonic() - start
        return self.report

    def _read_all(self, found: list[Source]) -> Iterator[tuple[Source, National]]:
        twins = self._twins(found)
        for done, source in enumerate(found, start=1):
            if source in twins:
                self._note(source, Result.EXPLAINED, twins[source])
            elif national := self._read(source):
                yield source, national
            self.progress(done, len(found))

    def _read(self, source: Source) -> National | None:
        try:
            draft = read(source, audience=self.audience)
            self._refuse_second(source, draft)
            self.report.unknown.update(draft.unknown)
            return National.of(draft)
        except Explained as explained:
            self._note(source, Result.EXPLAINED, str(explained))
        except Broken as broken:
            self._note(source, Result.BROKEN, broken.reason, line=broken.line)
        except Exception as error:
            # One file must never sink the others, whatever is wrong with it or with us.
            log.exception("import of %s", source.name)
            self._note(source, Result.FAILED, type(error).__name__)
        return None

    def _refuse_second(self, source: Source, draft: Draft) -> None:
        first = self._seen.setdefault(draft.ref, source)
        if first is not source:
            words = {"ref": draft.ref, "name": first.name}
            raise Explained(_("%(ref)s is already in this import: %(name)s.") % words)

    def _twins(self, found: list[Source]) -> dict[Source, str]:
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
        schema = _SCHEMA.search(draft.raw[:2000])
        dated = draft.dated.isoformat() if draft.dated else ""
        return (dated, schema[1] if schema else "", source.name)

    def _keep(self, batch: list[tuple[Source, National]]) -> None:
        try:
            kept = self._store(batch)
        except (DataError, IntegrityError):
            if len(batch) == 1:
                log.exception("storing %s", batch[0][0].name)
                self._note(batch[0][0], Result.FAILED, _("The database refused this sheet."))
                return
            for one in batch:
                self._keep([one])
            return
        self._note_kept(batch, kept)

    def _store(self, batch: list[tuple[Source, National]]) -> list[Kept]:
        try:
            return actions.keep_national(
                [national for _source, national in batch],
                audience=self.audience,
                now=self.now,
                author=AUTHOR,
            )
        except OperationalError as error:
            sentence = _("The database cannot be written to (%s). Run again to go on from here.")
            raise Refused(sentence % error) from error

    def _keep_all_or_nothing(self, batch: list[tuple[Source, National]]) -> None:
        counts = self.report.counts
        if counts[Result.BROKEN] or counts[Result.FAILED]:
            for source, _national in batch:
                self._note(source, Result.UNDONE, _("All or nothing: another file is broken."))
            return
        self._note_kept(batch, self._store(batch))

    def _note_kept(self, batch: list[tuple[Source, National]], kept: list[Kept]) -> None:
        older = _("What is stored is more recent.")
        for (source, national), what in zip(batch, kept, strict=True):
            reason = older if what is Kept.OLDER else ""
            self._note(source, Result(what.value), reason, ref=national.draft.ref)

    def _note(
        self,
        source: Source,
        result: Result,
        reason: str = "",
        *,
        line: int | None = None,
        ref: str = "",
    ) -> None:
        where = line if line is not None else source.line
        self.report.files.append(FileReport(source.name, where, result, reason, ref))


def read(source: Source, *, audience: str) -> Draft:
    """One source as a draft, by what its name says it is."""
    if source.line is not None:
        return lines.read(source.read(), source.line)
    if source.suffix != ".xml":
        raise Explained(_("Not a sheet: neither XML nor JSON lines."))
    return publication.read(source.read(), source.base_name, audience=audience)
