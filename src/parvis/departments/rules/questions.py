"""How a question moves, when its answer is due, and whose turn it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ASKED, SEEN, ANSWERED, LATE = "asked", "seen", "answered", "late"
WITHDRAWN, CLOSED = "withdrawn", "closed"
OPEN = frozenset({ASKED, SEEN})
WITH_ANSWER = frozenset({ANSWERED, LATE})
MOVES = {
    ASKED: frozenset({SEEN, ANSWERED, LATE, WITHDRAWN, CLOSED}),
    SEEN: frozenset({ANSWERED, LATE, WITHDRAWN, CLOSED}),
    ANSWERED: frozenset({CLOSED}),
    LATE: frozenset({CLOSED}),
    WITHDRAWN: frozenset(),
    CLOSED: frozenset(),
}

LIAISON, DEPUTY = "liaison", "deputy"
HEAD_OF_SERVICE, HEAD_OF_RECEPTION = "head", "reception"
STEPS = (LIAISON, DEPUTY, HEAD_OF_SERVICE, HEAD_OF_RECEPTION)

PUBLIC, IF_ASKED, INTERNAL = "public", "asked", "internal"


def may_become(now: str, then: str) -> bool:
    """May a question in this state take that state?"""
    return then in MOVES.get(now, frozenset())


def state_of_answer(
    *, visitor_present: bool, visitor_left_at: datetime | None, now: datetime
) -> str:
    """An answer that comes after the visitor has gone is too late for them."""
    gone = visitor_present and visitor_left_at is not None and visitor_left_at <= now
    return LATE if gone else ANSWERED


@dataclass(frozen=True)
class Promise:
    """Within what time a service answers, and after what time the next one is asked."""

    present_minutes: int = 6
    present_step_minutes: int = 3
    hours: int = 8
    step_hours: int = 4

    def __post_init__(self) -> None:
        if min(self.present_minutes, self.present_step_minutes, self.hours, self.step_hours) < 1:
            raise ValueError("a promise takes some time")


Stretches = Sequence[tuple[datetime, datetime]]


def after_open_time(start: datetime, amount: timedelta, stretches: Stretches) -> datetime:
    """The moment at which so much open time has passed since the start.

    ``stretches`` are the opening hours from the start on, in order. Where they end before, the
    rest passes on the clock: a promise has an end even where nobody declared hours.
    """
    left, at = amount, start
    for opens, closes in stretches:
        begins = max(opens, at)
        if closes <= begins:
            continue
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
        at = closes
    return at + left


@dataclass(frozen=True)
class Times:
    """When the answer is due, and when the next one is asked."""

    due_at: datetime
    step_due_at: datetime


def times(
    promise: Promise, *, visitor_present: bool, start: datetime, stretches: Stretches
) -> Times:
    """Minutes with a visitor at the desk; else hours during which the house is open."""
    if visitor_present:
        return Times(
            start + timedelta(minutes=promise.present_minutes),
            start + timedelta(minutes=promise.present_step_minutes),
        )
    return Times(
        after_open_time(start, timedelta(hours=promise.hours), stretches),
        after_open_time(start, timedelta(hours=promise.step_hours), stretches),
    )


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: the step, who holds the question, and the steps that nobody could take."""

    step: str
    holder: int | None
    passed_over: tuple[str, ...] = ()


def next_turn(
    done: Collection[str], people: Mapping[str, Iterable[int]], absent: Collection[int]
) -> Turn | None:
    """The next step that was not taken yet and where somebody is there; None after the last.

    The head of reception takes what nobody else can, present or not: somebody has to answer for
    it. Without any head at all it stays with the service, held by nobody.
    """
    left = [step for step in STEPS if step not in done]
    if not left:
        return None
    for place, step in enumerate(left):
        there = [one for one in people.get(step, ()) if one not in absent]
        if there:
            return Turn(step, there[0], tuple(left[:place]))
    heads = list(people.get(HEAD_OF_RECEPTION, ()))
    return Turn(left[-1], heads[0] if heads else None, tuple(left[:-1]))


def order_key(
    visitor_present: bool, visitor_left_at: datetime | None, due_at: datetime, pk: int
) -> tuple[bool, datetime, int]:
    """A visitor at the desk first, then what is due first."""
    return (not (visitor_present and visitor_left_at is None), due_at, pk)


LIKE_ENOUGH = 0.5
LEAST_COMMON = 2


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """How much two questions have in common, from 0 to 1, by their telling words."""
    first, second = set(one), set(other)
    common = len(first & second)
    if common < min(LEAST_COMMON, len(first), len(second)) or not common:
        return 0.0
    # A short question inside a longer one is the same need told in fewer words.
    return (common / len(first | second) + common / min(len(first), len(second))) / 2


def most_alike(
    asked: Collection[str], known: Iterable[tuple[int, Collection[str]]], limit: int = 3
) -> list[int]:
    """The known questions that ask the same, the most alike first, then the newest."""
    scored = [(likeness(asked, stems), pk) for pk, stems in known]
    close = sorted((score, pk) for score, pk in scored if score >= LIKE_ENOUGH)
    return [pk for _score, pk in reversed(close)][:limit]
