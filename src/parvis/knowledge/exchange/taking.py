"""Taking in all that was brought, sheet by sheet; one that is refused stops none of the others."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.knowledge import actions
from parvis.knowledge.actions.house import House
from parvis.knowledge.dila.draft import Broken
from parvis.knowledge.exchange import reading
from parvis.knowledge.exchange.crossing import crossing
from parvis.organisations.models import Authority


@dataclass
class Line:
    """What is to be said of one sheet."""

    place: str
    result: str  # new, changed, unchanged, broken
    ref: str = ""
    words: str = ""


@dataclass
class Report:
    """What became of everything that was brought."""

    lines: list[Line] = field(default_factory=list)
    around: list[Line] = field(default_factory=list)  # of what lay around the sheets

    @property
    def counts(self) -> Counter[str]:
        return Counter(line.result for line in self.lines)

    @property
    def told(self) -> list[Line]:
        """Those of which there is something to say."""
        return [line for line in self.lines if line.words]


def take(
    path: Path,
    authority: Authority,
    *,
    now: datetime,
    agent: Agent | None = None,
    only_published: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Take in the sheets of a file, a folder or an archive as the authority's own.

    With ``only_published`` nothing comes in that nobody reads yet, and nothing around the sheets.
    """
    bundle = reading.opened(path)
    house, report = House.of(authority, now=now, agent=agent), Report()
    moves: list[tuple[str, str]] = []
    around: list[reading.Given] = []
    for number, given in enumerate(reading.read(bundle), start=1):
        if given.record is not None and "house" in given.record:
            around.append(given)  # once the sheets are there
            continue
        report.lines.append(_one(given, house, bundle, only_published=only_published))
        if given.record is not None and given.record["moved_to"]:
            moves.append((given.record["ref"], given.record["moved_to"]))
        progress(number, len(bundle.items))
    actions.finish_taking(moves, house, dict(report.counts))
    if not only_published:
        report.around = [_around(given, house) for given in around]
    actions.note_exchange(
        agent,
        authority,
        "knowledge.sheets_imported",
        counts=dict(report.counts),
        lines=[vars(line) for line in [*report.around, *report.told][:200] if line.words],
    )
    return report


def _around(given: reading.Given, house: House) -> Line:
    taken = actions.take_around(given.record or {}, house)
    return Line(given.place, taken.result, words="; ".join(dict.fromkeys(taken.remarks))[:2000])


def _one(
    given: reading.Given, house: House, bundle: reading.Bundle, *, only_published: bool
) -> Line:
    if given.record is None:
        return Line(given.place, "broken", words=given.reason)
    record, ref = given.record, given.record["ref"]
    is_foreign = bool(given.house) and given.house != house.authority.slug
    try:
        if only_published:
            record = _published(record)
        if is_foreign:
            record = crossing(record, timezone.localdate(house.now))
        taken = actions.take_sheet(record, house, bundle.files, is_foreign=is_foreign)
    except Refused as refusal:
        return Line(given.place, "broken", ref, refusal.message)
    except Broken as broken:
        return Line(given.place, "broken", ref, str(broken.reason))
    return Line(given.place, taken.result, ref, "; ".join(taken.remarks))


def _published(record: dict[str, Any]) -> dict[str, Any]:
    if record["current"] is None:
        raise Refused(_("Nobody reads it yet: it is left out, as you asked."))
    return {**record, "drafts": []}
