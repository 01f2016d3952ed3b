"""What a ticket leaves behind for the indicators: one leg for each wait and service."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

CALLS_BEFORE_ABANDONED: Final = 2


class LegEnd(StrEnum):
    """How one stretch of waiting and service ended."""

    SERVED = "served"  # finished, or passed on to another desk
    LEFT = "left"
    NO_SHOW = "no_show"
    OPEN = "open"  # still waiting or at the desk


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch in the line and at a desk; a transfer begins the next leg of the ticket."""

    ticket: int | str
    topic: int | str
    joined_at: datetime
    end: LegEnd
    called_at: datetime | None = None  # first call
    started_at: datetime | None = None
    ended_at: datetime | None = None  # of service, or when the person left or was given up
    calls: int = 0
    number: int = 1
    appointment_at: datetime | None = None
    target_seconds: float | None = None  # of its site, when sites differ

    @property
    def is_abandoned(self) -> bool:
        """Left, or called at least twice without coming."""
        absent = self.end is LegEnd.NO_SHOW and self.calls >= CALLS_BEFORE_ABANDONED
        return absent or self.end is LegEnd.LEFT

    @property
    def is_consistent(self) -> bool:
        """Whether its instants follow one another and none that its end needs is missing."""
        steps = [
            step
            for step in (self.joined_at, self.called_at, self.started_at, self.ended_at)
            if step is not None
        ]
        if self.end is LegEnd.SERVED and self.started_at is None:
            return False
        if self.end is not LegEnd.OPEN and self.ended_at is None:
            return False
        return all(earlier <= later for earlier, later in pairwise(steps))


def sort_out(legs: Iterable[Leg]) -> tuple[list[Leg], list[Leg]]:
    """The legs that can be believed, and those whose instants contradict each other."""
    sound: list[Leg] = []
    unsound: list[Leg] = []
    for leg in legs:
        (sound if leg.is_consistent else unsound).append(leg)
    return sound, unsound
