"""The paper roll: what a line of the sheet says, and what cannot be right about it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Final

SERIES: Final = ("P", "PA", "PB")  # of paper numbers: the first that no family of topics uses
OLDEST: Final = timedelta(days=31)
LONGEST_VISIT: Final = timedelta(hours=4)
HIGHEST: Final = 999
LEFT, NO_SHOW = "left", "no_show"  # ends that are no exchange
_CLOCK = re.compile(r"^\s*(\d{1,2})\s*(?:[:hH.,]\s*|\s)?(\d{2})?\s*$")


@dataclass(frozen=True)
class Line:
    """One number of the roll as it was written down; ``row`` is where on the sheet."""

    row: int
    number: int
    arrived: datetime
    called: datetime | None
    ended: datetime | None
    outcome: str


@dataclass(frozen=True)
class Doubt:
    """What is wrong with a line: the field, a word for the sentence, and the other number."""

    row: int
    field: str
    kind: str
    other: int = 0

    @property
    def may_be_meant(self) -> bool:
        """Unusual, but it happens: enough to ask once."""
        return self.kind in {"order", "long"}


def series_for(taken: Collection[str]) -> str:
    """The letters of paper numbers, apart from those of the kiosk."""
    return next((series for series in SERIES if series not in taken), SERIES[-1])


def parse_clock(text: str) -> time | None:
    """A time as people type it: 912, 9:12, 9h12, 09.12, 9; None when it is none."""
    if not (found := _CLOCK.match(text)):
        return None
    hour, minute = found[1], found[2]
    if minute is None and len(hour) == 2 and int(hour) > 23:
        return None
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


def doubts(
    lines: Sequence[Line],
    *,
    now: datetime,
    known: Collection[int] = (),
    neighbours: Sequence[tuple[int, datetime]] = (),
) -> list[Doubt]:
    """Everything that cannot be right on a sheet, line by line."""
    found = [doubt for line in lines for doubt in _of_line(line, now)]
    found += _twice(lines, known)
    found += _out_of_order(lines, neighbours)
    return sorted(found, key=lambda doubt: doubt.row)


def _of_line(line: Line, now: datetime) -> list[Doubt]:
    found = []
    if not 1 <= line.number <= HIGHEST:
        found.append(Doubt(line.row, "number", "number"))
    if line.arrived > now:
        found.append(Doubt(line.row, "arrived", "future"))
    if line.called and line.called < line.arrived:
        found.append(Doubt(line.row, "called", "called_early"))
    if line.ended and line.ended < (line.called or line.arrived):
        found.append(Doubt(line.row, "ended", "ended_early"))
    if line.ended and line.ended > now:
        found.append(Doubt(line.row, "ended", "future"))
    return [*found, *_missing(line), *_long(line)]


def _missing(line: Line) -> list[Doubt]:
    if line.outcome == LEFT:
        return []
    if line.called is None:
        return [Doubt(line.row, "called", "no_call")]
    if line.ended is None and line.outcome != NO_SHOW:
        return [Doubt(line.row, "ended", "no_end")]
    return []


def _long(line: Line) -> list[Doubt]:
    ends = line.ended or line.called
    too_long = ends is not None and ends - line.arrived > LONGEST_VISIT
    return [Doubt(line.row, "ended", "long")] if too_long else []


def _twice(lines: Sequence[Line], known: Collection[int]) -> list[Doubt]:
    found, seen = [], set()
    for line in lines:
        if line.number in known:
            found.append(Doubt(line.row, "number", "known", line.number))
        elif line.number in seen:
            found.append(Doubt(line.row, "number", "twice", line.number))
        seen.add(line.number)
    return found


def _out_of_order(lines: Sequence[Line], neighbours: Sequence[tuple[int, datetime]]) -> list[Doubt]:
    """A roll is torn off in order: a higher number did not come earlier."""
    rows = [(line.number, line.arrived, line.row) for line in lines]
    rows += [(number, at, -1) for number, at in neighbours]
    rows.sort()
    found = []
    for (number, at, _row), (_higher, later, row) in pairwise(rows):
        if later < at and row >= 0:
            found.append(Doubt(row, "arrived", "order", number))
    return found
