"""Decisions of the hall: allowed moves, the order of the line, honest waits, spoken codes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from parvis.common.clock import elapsed_seconds

# A ticket older than the day of a hall was forgotten by its owner: it leaves the line by itself.
HALL_DAY: Final = timedelta(hours=12)
UNDO_WINDOW: Final = timedelta(seconds=10)

WAITING, CALLED, SERVING, HELD = "waiting", "called", "serving", "held"
DONE, NO_SHOW, LEFT = "done", "no_show", "left"
STATES: Final = frozenset({WAITING, CALLED, SERVING, HELD, DONE, NO_SHOW, LEFT})
AT_DESK: Final = (CALLED, SERVING)

ISSUED, UNDONE, RECALLED = "issued", "undone", "recalled"  # events that are no move of a state


@dataclass(frozen=True)
class Move:
    """From which states a ticket may go to which other one."""

    sources: frozenset[str]
    target: str


def _move(target: str, *sources: str) -> Move:
    return Move(frozenset(sources), target)


# The key is the kind of the event that tells the move.
MOVES: Final[dict[str, Move]] = {
    "called": _move(CALLED, WAITING),
    RECALLED: _move(CALLED, CALLED),
    "started": _move(SERVING, CALLED),
    "held": _move(HELD, CALLED, SERVING),
    "resumed": _move(CALLED, HELD),
    "transferred": _move(WAITING, WAITING, CALLED, SERVING, HELD),
    "no_show": _move(NO_SHOW, CALLED),
    "left": _move(LEFT, WAITING, CALLED, HELD),
    "finished": _move(DONE, CALLED, SERVING, HELD),
    "forgotten": _move(LEFT, WAITING, CALLED, SERVING, HELD),  # the day of the hall is over
}
# A recall was already heard by the whole hall: there is nothing to take back.
UNDOABLE: Final = frozenset(MOVES) - {RECALLED, "forgotten"}
EVENTS: Final = frozenset(MOVES) | {ISSUED, UNDONE}


def may(kind: str, state: str) -> bool:
    """Is this move allowed from this state?"""
    return state in MOVES[kind].sources


def rank_at(issued_at: datetime, *, fairness: timedelta, has_priority: bool) -> datetime:
    """The place in line: the arrival, counted earlier by the fairness limit for a priority.

    So nobody is ever overtaken by somebody who came more than the limit later.
    """
    return issued_at - fairness if has_priority else issued_at


def not_before(now: datetime, *earlier: datetime | None) -> datetime:
    """The time to write down: a clock that jumps back never makes a duration negative."""
    return max([now, *(moment for moment in earlier if moment is not None)])


def is_undoable(at: datetime, *, now: datetime) -> bool:
    """Within ten seconds, a slip of the finger is taken back without a trace for the person."""
    return now - at <= UNDO_WINDOW


@dataclass(frozen=True)
class Happened:
    """An event as far as undoing is concerned."""

    id: int
    kind: str
    undoes: int | None = None  # the event that this one took back


def last_standing(events: Iterable[Happened]) -> Happened | None:
    """The latest event that was not taken back, or None."""
    newest_first = sorted(events, key=lambda event: -event.id)
    gone = {event.undoes for event in newest_first if event.kind == UNDONE}
    standing = (e for e in newest_first if e.kind != UNDONE and e.id not in gone)
    return next(standing, None)


@dataclass(frozen=True)
class Why:
    """Why this person was called now: ``because`` is reserved, priority or arrival."""

    because: str
    since: datetime
    priority: str = ""


def why_called(*, issued_at: datetime, priority: str, is_reserved: bool) -> Why:
    """The reason that the agent reads, as a value; words are made elsewhere."""
    if is_reserved:
        return Why("reserved", issued_at, priority)
    return Why("priority" if priority else "arrival", issued_at, priority)


# Waits ----------------------------------------------------------------------------------------

ROUND_TO: Final = 5
# Handling times vary by about 80 % of their mean; 1.28 standard deviations hold 80 % of cases.
_SPREAD: Final = 1.28 * 0.8
_REST: Final = 0.3  # of a usual visit, when somebody already stays longer than usual
_SHORTEST, _LONGEST = timedelta(seconds=15), timedelta(hours=2)
ENOUGH_HISTORY: Final = 20


@dataclass(frozen=True)
class OpenDesk:
    """A desk where somebody receives now, and in how many minutes it is probably free."""

    id: int
    topics: frozenset[int]
    free_in: float = 0.0

    def serves(self, person: "InLine") -> bool:
        """May this desk call that person?"""
        return may_serve(self.id, self.topics, person)


@dataclass(frozen=True)
class InLine:
    """Somebody waiting; ``minutes`` is how long the visit usually takes, None when unknown."""

    id: int
    topic_id: int
    reserved_desk_id: int | None = None
    minutes: float | None = None


@dataclass(frozen=True)
class WaitRange:
    """An honest wait: between so many and so many minutes."""

    low_minutes: int
    high_minutes: int


def may_serve(desk_id: int, topics: frozenset[int], person: InLine) -> bool:
    """A person kept for a desk is called by that desk only; others by a desk of their topic."""
    if person.reserved_desk_id is not None:
        return person.reserved_desk_id == desk_id
    return person.topic_id in topics


def before_me(
    desks: Sequence[tuple[int, frozenset[int]]], ahead: Sequence[InLine], me: InLine
) -> int:
    """How many of those ahead may be called by a desk that may call me."""
    mine = [desk for desk in desks if may_serve(*desk, me)]
    return sum(any(may_serve(*desk, other) for desk in mine) for other in ahead)


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


def spoken(code: str) -> str:
    """A code as it is read aloud: sign by sign, so that 42 is "4 2" in every language."""
    return " ".join(sign for sign in code if not sign.isspace())


def sign(desk: str) -> tuple[str, str]:
    """The name of a desk as its sign: the word, and the number that is read from afar."""
    word, _space, last = desk.rpartition(" ")
    return (word, last) if word and any(sign.isdigit() for sign in last) else (desk, "")
