"""The states of a received message, and which moves are allowed."""

from typing import Final

KEPT: Final = "kept"
WAITING: Final = "waiting"
THREADED: Final = "threaded"
QUARANTINED: Final = "quarantined"
AUTOMATIC: Final = "automatic"
BOUNCE: Final = "bounce"
OPENED: Final = "opened"
ANSWERED: Final = "answered"
SET_ASIDE: Final = "set_aside"

TO_DO: Final = (WAITING, QUARANTINED)
DONE: Final = (THREADED, OPENED, ANSWERED, SET_ASIDE)
_BACK: Final = frozenset({AUTOMATIC, BOUNCE, SET_ASIDE})


def may_be_sorted(state: str) -> bool:
    """May somebody attach it, open a case from it, answer it or set it aside now?"""
    return state in TO_DO


def may_be_taken_up(state: str) -> bool:
    """May what was put aside, by a colleague or by the rules, be looked at again?"""
    return state in _BACK
