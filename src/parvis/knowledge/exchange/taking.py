"""Taking in all that was brought, sheet by sheet; one that is refused stops none of the others."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.knowledge import actions
from parvis.knowledge.actions.exchange import House
from parvis.knowledge.dila.draft import Broken
from parvis.knowledge.exchange import reading
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
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Take in the sheets of a file, a folder or an archive as the authority's own."""
    bundle = reading.opened(path)
    house, report = House.of(authority, now=now, agent=agent), Report()
    moves: list[tuple[str, str]] = []
    for number, given in enumerate(reading.read(bundle), start=1):
        report.lines.append(_one(given, house, bundle))
        if given.record is not None and given.record["moved_to"]:
            moves.append((given.record["ref"], given.record["moved_to"]))
        progress(number, len(bundle.items))
    actions.finish_taking(moves, house, dict(report.counts))
    actions.note_exchange(
        agent,
        authority,
        "knowledge.sheets_imported",
        counts=dict(report.counts),
        lines=[vars(line) for line in report.told[:200]],
    )
    return report


def _one(given: reading.Given, house: House, bundle: reading.Bundle) -> Line:
    if given.record is None:
        return Line(given.place, "broken", words=given.reason)
    ref = given.record["ref"]
    try:
        taken = actions.take_sheet(given.record, house, bundle.files)
    except Refused as refusal:
        return Line(given.place, "broken", ref, refusal.message)
    except Broken as broken:
        return Line(given.place, "broken", ref, str(broken.reason))
    return Line(given.place, taken.result, ref, "; ".join(taken.remarks))
