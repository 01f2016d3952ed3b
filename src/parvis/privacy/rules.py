"""When a phase ends, when an answer is due, what may be erased: plain functions of dates."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

ACTIVE, INTERMEDIATE, ENDED = "active", "intermediate", "ended"
DESTROY, SAMPLE, TRANSFER = "destroy", "sample", "transfer"

PROPOSED, SENT, GRANTED, REFUSED, RUNNING, DONE = (
    "proposed", "sent", "granted", "refused", "running", "done",
)  # fmt: skip
MOVES: dict[str, frozenset[str]] = {
    PROPOSED: frozenset({SENT, GRANTED, REFUSED}),
    SENT: frozenset({GRANTED, REFUSED}),
    GRANTED: frozenset({RUNNING}),
    RUNNING: frozenset({DONE}),
    REFUSED: frozenset(),
    DONE: frozenset(),
}
CHECKED_FOR_DAYS = 366
FIRST_DAY = date(2018, 5, 25)  # of the GDPR: nobody asked by its articles before
# On which grounds a request may be refused, by its kind: 12-5 and 12-6 hold for all of them.
_ALWAYS = ("identity", "abuse")
GROUNDS: dict[str, tuple[str, ...]] = {
    "access": ("others", *_ALWAYS),
    "rectify": ("exact", *_ALWAYS),
    "erase": ("duty", "archives", "claim", *_ALWAYS),
    "limit": ("nolimit", *_ALWAYS),
    "object": ("prevails", *_ALWAYS),
}
ANSWER_MONTHS = 1
LONGER_MONTHS = 2


@dataclass(frozen=True)
class Term:
    """How long the two phases last, in months, and whether somebody checked it against its text."""

    active_months: int
    intermediate_months: int
    is_confirmed: bool


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or the last day of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def ends_active(ended_on: date, term: Term) -> date:
    """The first day of restricted access."""
    return add_months(ended_on, term.active_months)


def ends_all(ended_on: date, term: Term) -> date:
    """The first day on which it may be eliminated or handed to the archives."""
    return add_months(ended_on, term.active_months + term.intermediate_months)


def phase(ended_on: date | None, term: Term, today: date) -> str:
    """In which of the three phases something is; what has not ended is active."""
    if ended_on is None or today < ends_active(ended_on, term):
        return ACTIVE
    return INTERMEDIATE if today < ends_all(ended_on, term) else ENDED


def latest_ended(today: date, months: int) -> date:
    """The latest day of ending for which the months are over today."""
    day = add_months(today, -months)
    while add_months(day, months) > today:
        day = date.fromordinal(day.toordinal() - 1)
    while add_months(date.fromordinal(day.toordinal() + 1), months) <= today:
        day = date.fromordinal(day.toordinal() + 1)
    return day


def may_be_proposed(
    *, ended_on: date | None, term: Term, today: date, is_held: bool, clock_falls_on: date | None
) -> bool:
    """Nothing goes before its term, under a legal clock, on hold, or by a rule nobody checked."""
    if not term.is_confirmed or is_held or ended_on is None:
        return False
    if clock_falls_on is not None and clock_falls_on >= today:
        return False
    return phase(ended_on, term, today) == ENDED


def may_move(state: str, to: str) -> bool:
    """Is this step of a slip allowed?"""
    return to in MOVES.get(state, frozenset())


def is_confirmed(checked_on: date | None, today: date) -> bool:
    """Was it compared with its text within a year?"""
    return checked_on is not None and 0 <= (today - checked_on).days <= CHECKED_FOR_DAYS


def goes_to_archives(final: str, position: int, one_in: int) -> bool:
    """Is the case at this place of a slip handed to the archives instead of destroyed?"""
    if final == TRANSFER:
        return True
    return final == SAMPLE and one_in > 0 and position % one_in == 0


def answer_due(received_on: date, *, is_longer: bool = False) -> date:
    """The last day for an answer to somebody's request about their data (GDPR, art. 12-3)."""
    return add_months(received_on, ANSWER_MONTHS + (LONGER_MONTHS if is_longer else 0))
