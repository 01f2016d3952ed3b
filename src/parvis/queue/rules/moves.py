"""Allowed moves of a ticket, and what may be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

UNDO_WINDOW: Final = timedelta(seconds=10)

WAITING, CALLED, SERVING, HELD = "waiting", "called", "serving", "held"
DONE, NO_SHOW, LEFT = "done", "no_show", "left"
STATES: Final = frozenset({WAITING, CALLED, SERVING, HELD, DONE, NO_SHOW, LEFT})
AT_DESK: Final = (CALLED, SERVING)

ISSUED, UNDONE, RECALLED = "issued", "undone", "recalled"
LEG_FINISHED, VOIDED = "leg_finished", "voided"


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
    "came_back": _move(WAITING, HELD, NO_SHOW, LEFT),
    "transferred": _move(WAITING, WAITING, CALLED, SERVING, HELD),
    LEG_FINISHED: _move(WAITING, CALLED, SERVING, HELD),  # and another topic is still to come
    "no_show": _move(NO_SHOW, CALLED),
    "left": _move(LEFT, WAITING, CALLED, HELD),
    "finished": _move(DONE, CALLED, SERVING, HELD),
    "forgotten": _move(LEFT, WAITING, CALLED, SERVING, HELD),  # the day of the hall is over
    VOIDED: _move(LEFT, WAITING),  # received at once by a slip of the finger: it never was
}
_OPEN: Final = frozenset({WAITING, CALLED, SERVING, HELD})
# Events that leave the state as it is, and the states in which they may happen.
NOTES: Final[dict[str, frozenset[str]]] = {
    "leg_added": _OPEN,
    "leg_dropped": _OPEN,
    "identified": _OPEN,
    "let_past": frozenset({WAITING}),
    "released": frozenset({WAITING, HELD}),
}
# A recall was already heard by the whole hall: there is nothing to take back.
UNDOABLE: Final = (frozenset(MOVES) - {RECALLED, "forgotten", VOIDED}) | {
    "leg_added",
    "leg_dropped",
    "identified",
    ISSUED,  # given at a desk: the number stays taken, and its ticket is void
}
EVENTS: Final = frozenset(MOVES) | frozenset(NOTES) | {ISSUED, UNDONE}


def may(kind: str, state: str) -> bool:
    """May this happen to a ticket in this state?"""
    return state in (NOTES[kind] if kind in NOTES else MOVES[kind].sources)


def target(kind: str, state: str) -> str:
    """The state in which a ticket is after the event."""
    return state if kind in NOTES else MOVES[kind].target


def may_come_back(ended_at: datetime, *, now: datetime, within: timedelta) -> bool:
    """A place that was left or missed may be taken up again for a while."""
    return now - ended_at <= within


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
