"""``sheets``: import national sheets, rebuild the search index, measure the search."""

import csv
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.common.errors import Refused
from parvis.knowledge import actions, search
from parvis.knowledge.dila import working
from parvis.knowledge.dila.publication import DOWNLOAD
from parvis.knowledge.dila.report import Report, Result
from parvis.knowledge.exchange import reading, taking, writing
from parvis.knowledge.exchange.around import everything
from parvis.knowledge.exchange.records import Scope, header
from parvis.knowledge.search import evaluation
from parvis.organisations.models import Authority

QUIET = {Result.NEW, Result.CHANGED, Result.UNCHANGED}


class Command(BaseCommand):
    help = "Import sheets, rebuild the search index, measure how well the search finds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        taking = verbs.add_parser("import", help="take in DILA XML or JSON lines")
        taking.add_argument(
            "path", nargs="?", default="", help="folder, zip archive, single file or feed address"
        )
        taking.add_argument("--feed", action="store_true", help="fetch from the configured feed")
        taking.add_argument("--audience", choices=list(DOWNLOAD), default="particuliers")
        taking.add_argument("--atomic", action="store_true", help="all of it or nothing")
        taking.add_argument("--strict", action="store_true", help="exit 1 if a file is broken")
        taking.add_argument("--report", type=Path, help="write one line per file here (CSV)")
        taking.add_argument(
            "--authority", default="", help="short name of whose sheets they become (own format)"
        )
        taking.add_argument(
            "--published", action="store_true", help="no drafts, nothing around sheets (own format)"
        )
        giving = verbs.add_parser("export", help="write sheets as JSON lines or XML, with files")
        giving.add_argument("target", type=Path, help="archive (.zip) or lines (.jsonl)")
        giving.add_argument("--authority", required=True, help="short name of whose sheets")
        giving.add_argument("--scope", choices=[one.value for one in Scope], default=Scope.WHOLE)
        giving.add_argument("--format", choices=writing.FORMATS, default=writing.JSONL)
        giving.add_argument("--ref", action="append", help="only this sheet; may be repeated")
        packing = verbs.add_parser("pack", help="write the file for a day without network")
        packing.add_argument("target", nargs="?", type=Path, help="file to write (.html)")
        packing.add_argument("--authority", default="", help="short name of one authority")
        packing.add_argument("--most", type=int, default=40, help="how many of the most used")
        verbs.add_parser("reindex", help="build the search index anew")
        measuring = verbs.add_parser("evaluate", help="measure the search on saved questions")
        measuring.add_argument("questions", type=Path, help="JSON lines: question, expected_ids")
        measuring.add_argument("--authority", help="short name of the authority that asks")

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            match verb:
                case "import":
                    self._import(**options)
                case "export":
                    self._export(**options)
                case "pack":
                    # Composed by a higher room: named, not imported.
                    call_command("sheets_pack", **_only(options, "target", "authority", "most"))
                case "reindex":
                    self._reindex()
                case "evaluate":
                    self._evaluate(**options)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _import(
        self,
        *,
        path: str,
        feed: bool,
        audience: str,
        atomic: bool,
        strict: bool,
        report: Path | None,
        verbosity: int,
        authority: str,
        published: bool,
        **_others: Any,
    ) -> None:
        source = settings.SHEETS_FEED if feed else path
        if not source:
            raise CommandError(_("Name a folder, an archive or an address, or say --feed."))
        if not feed and Path(path).exists() and reading.is_ours(Path(path)):
            self._take_in(
                Path(path), authority, strict=strict, report=report, only_published=published
            )
            return
        bars: dict[object, Bar] = {
            title: Bar(str(title)) for title in (working.FETCHING, working.READING)
        }
        try:
            done = working.from_terminal(
                source,
                audience=audience,
                is_atomic=atomic,
                clock=timezone.now,
                progress=lambda title, done, total: bars[title].show(done, total),
            )
        finally:
            for bar in bars.values():
                bar.close()
        self._tell(done, everything=verbosity > 1)
        if report is not None:
            _write(done, report)
        if done.has_changes:
            search.rebuild()
        if not done.is_complete or (strict and done.counts[Result.BROKEN]):
            raise SystemExit(1)

    def _tell(self, report: Report, *, everything: bool) -> None:
        for file in report.files:
            if everything or file.result not in QUIET:
                reason = f": {file.reason}" if file.reason else f" ({file.ref})"
                self.stdout.write(f"{file.place}: {_label(file.result)}{reason}")
        if report.gone_on_from:
            sentence = _("An interrupted import went on after its first %d files.")
            self.stdout.write(sentence % report.gone_on_from)
        if report.unknown:
            names = ", ".join(f"{name} ({n})" for name, n in report.unknown.most_common())
            self.stdout.write(
                _("Elements and attributes (@) kept without knowing them: %s.") % names
            )
        counts = ", ".join(f"{n} {_label(result)}" for result, n in report.counts.items())
        words = {"files": len(report.files), "counts": counts or "-", "seconds": report.seconds}
        self.stdout.write(_("%(files)d read in %(seconds).1f s: %(counts)s.") % words)

    def _take_in(
        self, path: Path, slug: str, *, strict: bool, report: Path | None, only_published: bool
    ) -> None:
        """Sheets that an installation like this one wrote."""
        bar = Bar(_("Reading"))
        try:
            done = taking.take(
                path,
                _authority(slug),
                now=timezone.now(),
                only_published=only_published,
                progress=bar.show,
            )
        finally:
            bar.close()
        for line in [*done.around, *done.told]:
            if line.words:
                self.stdout.write(f"{line.place} ({line.ref or '-'}): {line.words}")
        counts = ", ".join(f"{n} {_label(Result(result))}" for result, n in done.counts.items())
        self.stdout.write(f"{len(done.lines)}: {counts}")
        if report is not None:
            rows = [[one.place, "", one.result, one.ref, one.words] for one in done.lines]
            _rows(rows, report)
        is_changed = any(line.result == "changed" for line in done.around)
        if done.counts["new"] or done.counts["changed"] or is_changed:
            search.rebuild()
        if strict and done.counts["broken"]:
            raise SystemExit(1)

    def _export(
        self,
        *,
        target: Path,
        authority: str,
        scope: str,
        format: str,
        ref: list[str] | None,
        **_others: Any,
    ) -> None:
        house, chosen = _authority(authority), Scope(scope)
        rows = everything(house, chosen, today=timezone.localdate(), refs=ref)
        with target.open("wb") as stream:
            if target.suffix.lower() in {".jsonl", ".ndjson"}:
                stream.write(writing.line(header(chosen, house)))
                count = 0
                for row in rows:
                    stream.write(writing.line(row))
                    count += writing.is_sheet(row)
            else:
                count = writing.archive(stream, format, header(chosen, house), rows)
        actions.note_exchange(None, house, "knowledge.sheets_exported", scope=scope, count=count)
        self.stdout.write(
            _("%(count)d sheets written to %(path)s.")
            % {
                "count": count,
                "path": target,
            }
        )

    def _reindex(self) -> None:
        start = time.monotonic()
        count = search.rebuild()
        words = {"count": count, "seconds": time.monotonic() - start}
        self.stdout.write(_("%(count)d sheets indexed in %(seconds).1f s.") % words)

    def _evaluate(self, *, questions: Path, authority: str | None, **_options: Any) -> None:
        bar = Bar(_("Asking questions"))
        try:
            results = evaluation.evaluate(questions, authority=authority, progress=bar.show)
        finally:
            bar.close()
        for kind, result in results.items():
            if kind:
                self.stdout.write(f"\n{kind}")
            for name, value in result.lines():
                self.stdout.write(f"{name:<24} {value}")


def _only(options: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: options[name] for name in names}


def _label(result: Result) -> str:
    return {
        Result.NEW: _("new"),
        Result.CHANGED: _("changed"),
        Result.UNCHANGED: _("unchanged"),
        Result.OLDER: _("older than what is stored"),
        Result.EXPLAINED: _("no sheet"),
        Result.BROKEN: _("left out"),
        Result.UNDONE: _("not taken"),
        Result.FAILED: _("failed"),
        Result.WITHDRAWN: _("withdrawn"),
    }[result]


def _authority(slug: str) -> Authority:
    found = Authority.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Authority.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(_("Name the authority with --authority: %s.") % known)
    return found


def _write(report: Report, path: Path) -> None:
    rows = [
        [one.name, one.line or "", one.result.value, one.ref, one.reason] for one in report.files
    ]
    _rows(rows, path)


def _rows(rows: list[list[Any]], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(["file", "line", "result", "sheet", "reason"])
        table.writerows(rows)


class Bar:
    """A line of progress for people, once it takes longer than two seconds."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._start = self._shown = time.monotonic()
        self._is_open = False

    def show(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or now - self._start < 2 or now - self._shown < 0.1:
            return
        self._shown, self._is_open = now, True
        full = 30 * done // max(total, 1)
        bar = "█" * full + "·" * (30 - full)
        sys.stderr.write(f"\r{self._title} {bar} {done}/{total}")
        sys.stderr.flush()

    def close(self) -> None:
        if self._is_open:
            sys.stderr.write("\n")
