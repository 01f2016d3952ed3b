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
