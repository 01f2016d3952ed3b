"""Nobody alone holds a case: who has read it, who took it over, what its trace says (R26)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from parvis.common.clock import elapsed_seconds
from parvis.quality.rules.measures import (
    Indicator,
    Measure,
    Tally,
    Unit,
    duration_of,
    share_of,
)

SINGLE_HOLDER: Final = Indicator("SINGLE-HOLDER", 1, Unit.SHARE)
TAKEOVER: Final = Indicator("TAKEOVER-TIME", 1, Unit.SECONDS)
COMPLETE: Final = Indicator("TRACE-COMPLETE", 1, Unit.SHARE)
RECEIVED: Final = Indicator("TRACE-RECEIVED", 1, Unit.SHARE)
SHOWN: Final = Indicator("TRACE-SHOWN", 1, Unit.SHARE)
CODES: Final = (SINGLE_HOLDER, TAKEOVER, COMPLETE, RECEIVED, SHOWN)

HELD_DAYS: Final = 30  # how far back a reading or an act still counts as knowing the case
RECEIVED_WITHIN: Final = timedelta(days=2)  # before that nobody can be said to have missed it
AUTOMATIC, NOT_DUE, NOT_YET, OVERTAKEN = "automatic", "not_due", "not_taken_over", "passed_on_again"


@dataclass(frozen=True, slots=True)
class Held:
    """One open case, and how many colleagues have read it or acted on it lately."""

    people: int

    @property
    def by_one(self) -> bool:
        """Would it be unknown to everybody if one colleague were missing?"""
        return self.people == 1


@dataclass(frozen=True, slots=True)
class Passed:
    """One hand-over or transfer: when, and when the receiving side looked and acted."""

    at: datetime
    opened: bool = False
    acted_at: datetime | None = None
    next_at: datetime | None = None  # when it was passed on again
    is_shown: bool = True  # on the page of the person

    @property
    def is_overtaken(self) -> bool:
        """Passed on again before the receiver did anything."""
        if self.next_at is None:
            return False
        return self.acted_at is None or self.acted_at > self.next_at

    @property
    def seconds(self) -> float | None:
        """From the hand-over to the first act of the receiver, nights included."""
        if self.acted_at is None or self.is_overtaken:
            return None
        return max(0.0, elapsed_seconds(self.at, self.acted_at))

    @property
    def is_received(self) -> bool:
        """Did the receiving side open the case or act on it?"""
        return self.opened or self.acted_at is not None


@dataclass(frozen=True, slots=True)
class Gesture:
    """One act that owes an author and a reason."""

    has_author: bool
    has_reason: bool
    is_automatic: bool = False


def held_by_one(cases: Iterable[Held]) -> Measure:
    """The share of open cases that only one colleague has read or acted on."""
    found = list(cases)
    nobody = sum(case.people == 0 for case in found)
    tally = Tally(sum(case.by_one for case in found), len(found))
    return share_of(SINGLE_HOLDER, tally, excluded={}, detail={"read_by_nobody": nobody})


def passed_on(rows: Iterable[Passed], now: datetime) -> list[Measure]:
    """How long receivers take to act, how many transmissions arrived, and how many are shown."""
    found = list(rows)
    left_out: Counter[str] = Counter()
    seconds = []
    for one in found:
        if one.is_overtaken:
            left_out[OVERTAKEN] += 1
        elif one.seconds is None:
            left_out[NOT_YET] += 1
        else:
            seconds.append(one.seconds)
    due = [one for one in found if one.is_received or now - one.at >= RECEIVED_WITHIN]
    recent = {NOT_DUE: len(found) - len(due)} if len(found) > len(due) else {}
    received = Tally(sum(one.is_received for one in due), len(due))
    shown = Tally(sum(one.is_shown for one in found), len(found))
    return [
        duration_of(TAKEOVER, seconds, excluded=dict(left_out)),
        share_of(RECEIVED, received, excluded=recent),
        share_of(SHOWN, shown, excluded={}),
    ]


def traced(gestures: Iterable[Gesture]) -> Measure:
    """The share of gestures that bear author and reason; time is never missing."""
    found = list(gestures)
    counted = [one for one in found if not one.is_automatic]
    automatic = len(found) - len(counted)
    complete = sum(one.has_author and one.has_reason for one in counted)
    excluded = {AUTOMATIC: automatic} if automatic else {}
    return share_of(COMPLETE, Tally(complete, len(counted)), excluded=excluded)
