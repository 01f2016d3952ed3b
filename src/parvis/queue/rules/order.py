"""The order of the line: who is before whom, whom a desk may call, and why this person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# A ticket older than the day of a hall was forgotten by its owner: it leaves the line by itself.
HALL_DAY: Final = timedelta(hours=12)


def rank_at(issued_at: datetime, *, fairness: timedelta, has_priority: bool) -> datetime:
    """The place in line: the arrival, counted earlier by the fairness limit for a priority.

    So nobody is ever overtaken by somebody who came more than the limit later.
    """
    return issued_at - fairness if has_priority else issued_at


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
