"""The order of the line: who is before whom, whom a desk may call, and why this person."""

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
class InLine:
    """Somebody waiting, as far as the order is concerned."""

    id: int
    topic_id: int
    reserved_desk_id: int | None = None


def may_serve(desk_id: int, topics: frozenset[int], person: InLine) -> bool:
    """A person kept for a desk is called by that desk only; others by a desk of their topic."""
    if person.reserved_desk_id is not None:
        return person.reserved_desk_id == desk_id
    return person.topic_id in topics
