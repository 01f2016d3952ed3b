"""How a reading of an article moves between debated, accepted and rejected, and what is due."""

from datetime import date, timedelta

DEBATED = "debated"
ACCEPTED = "accepted"
REJECTED = "rejected"
MOVES = {
    DEBATED: frozenset({ACCEPTED, REJECTED}),
    ACCEPTED: frozenset({DEBATED, REJECTED}),
    REJECTED: frozenset({DEBATED}),
}
CHECK_EVERY = timedelta(days=365)


def may_become(now: str, then: str) -> bool:
    """May a reading in this state take that state?"""
    return then in MOVES.get(now, frozenset())


def needs_reason(then: str) -> bool:
    """Accepting agrees with the words as they stand; any other answer says why."""
    return then != ACCEPTED


def is_check_due(checked_on: date | None, today: date) -> bool:
    """An article that nobody compared with its source for a year is to be checked."""
    return checked_on is None or today - checked_on > CHECK_EVERY
