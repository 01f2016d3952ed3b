"""Honest waits: how long somebody has still to wait, as a range, or nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from parvis.common.clock import elapsed_seconds
from parvis.queue.rules.order import InLine, OpenDesk

ROUND_TO: Final = 5
# Handling times vary by about 80 % of their mean; 1.28 standard deviations hold 80 % of cases.
_SPREAD: Final = 1.28 * 0.8
_REST: Final = 0.3  # of a usual visit, when somebody already stays longer than usual
_SHORTEST, _LONGEST = timedelta(seconds=15), timedelta(hours=2)
ENOUGH_HISTORY: Final = 20


@dataclass(frozen=True)
class WaitRange:
    """An honest wait: between so many and so many minutes."""

    low_minutes: int
    high_minutes: int


def wait_range(desks: Sequence[OpenDesk], ahead: Sequence[InLine], me: InLine) -> WaitRange | None:
    """The wait to announce; None when no open desk serves me or too little is known."""
    if not any(desk.serves(me) for desk in desks):
        return None
    if any(person.minutes is None or person.minutes <= 0 for person in ahead):
        return None
    mean, visits = _starts_in(desks, ahead, me)
    spread = min(1.0, _SPREAD / math.sqrt(visits)) if visits else 0.0
    low = math.floor(mean * (1 - spread) / ROUND_TO) * ROUND_TO
    high = math.ceil(mean * (1 + spread) / ROUND_TO) * ROUND_TO
    return WaitRange(low, max(high, low + ROUND_TO))


def _starts_in(desks: Sequence[OpenDesk], ahead: Sequence[InLine], me: InLine) -> tuple[float, int]:
    """Play the line forward: each desk that gets free takes the first that it may serve."""
    line = [*ahead, me]
    free = {desk.id: desk.free_in for desk in desks}
    working = list(desks)
    visits = sum(1 for desk in desks if desk.free_in > 0 and desk.serves(me))
    while True:
        desk = min(working, key=lambda one: free[one.id])
        person = next((one for one in line if desk.serves(one)), None)
        if person is me:
            return free[desk.id], visits
        if person is None:  # nobody left for this desk: it plays no part any more
            working.remove(desk)
            continue
        line.remove(person)
        free[desk.id] += person.minutes or 0.0
        visits += 1


def rest_of_visit(usual_minutes: float, *, since: datetime, now: datetime) -> float:
    """How many more minutes somebody at a desk probably stays."""
    elapsed = max(0.0, elapsed_seconds(since, now) / 60)
    return max(usual_minutes - elapsed, usual_minutes * _REST)


def usual_minutes(visits: Sequence[tuple[datetime, datetime]], *, declared: float) -> float | None:
    """Minutes at the desk: the mean of recent visits when there are enough, else as declared."""
    lengths = [end - start for start, end in visits if _SHORTEST <= end - start <= _LONGEST]
    if len(lengths) >= ENOUGH_HISTORY:
        return sum(lengths, timedelta()).total_seconds() / 60 / len(lengths)
    return declared or None
