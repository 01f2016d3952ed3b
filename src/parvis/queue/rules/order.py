"""The order of the line: who is before whom, whom a desk may call, and why this person.

The declared rule, as it is posted in the hall: people are called in the order of their rank, the
rank is the arrival, and nobody passes whoever counts from more than the fairness limit before
them. ``rank_at`` is the whole of the order; ``may_pass`` is the promise that it keeps.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# A ticket older than the day of a hall was forgotten by its owner: it leaves the line by itself.
HALL_DAY: Final = timedelta(hours=12)
ABLE: Final = 2  # the level of a skill from which an agent calls people for topics that need it
LET_PAST: Final = 2  # how many people somebody lets past at a time
TOPICS_AT_MOST: Final = 6  # of one visit
ABSENT_AFTER: Final = timedelta(minutes=10)  # without a sign of life, nobody is kept for a desk
_JUST_BEHIND: Final = timedelta(microseconds=1)


def rank_at(
    arrival: datetime,
    *,
    fairness: timedelta,
    has_priority: bool,
    booked_at: datetime | None = None,
    late: timedelta = timedelta(),
) -> datetime:
    """The place in line: what counts as the arrival, earlier by the fairness limit for a right.

    A right is a priority, or an appointment that was kept. Ranks never change while somebody
    waits, so that whoever waits gets nearer and nearer: this is all the ageing there is to do.
    """
    since = counts_from(arrival, booked_at=booked_at, late=late)
    is_kept = booked_at is not None and since == booked_at
    return since - fairness if has_priority or is_kept else since


def counts_from(
    arrival: datetime, *, booked_at: datetime | None = None, late: timedelta = timedelta()
) -> datetime:
    """What the declared rule counts from: the arrival; of an appointment kept, the booked time."""
    if booked_at is None or arrival > booked_at + late:
        return arrival
    return booked_at


def may_pass(since: datetime, other_since: datetime, *, fairness: timedelta) -> bool:
    """The promise: may somebody be called before another one, at a desk that serves both?"""
    return since - other_since <= fairness


def just_behind(rank: datetime) -> datetime:
    """The rank of somebody who lets another one pass."""
    return rank + _JUST_BEHIND


def may_call(family_id: int, *, needs_skill: bool, skills: Collection[int]) -> bool:
    """Is an agent with these families able to receive for a topic?"""
    return not needs_skill or family_id in skills


def is_there(
    last_sign: datetime | None,
    *,
    now: datetime,
    since: datetime,
    within: timedelta = ABSENT_AFTER,
) -> bool:
    """Is somebody kept since then for a desk or a colleague that still gives signs of life?"""
    return now - max(since, last_sign or since) <= within


# Why ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Why:
    """Why this person was called now, and not another.

    ``because`` is arrival, priority, appointment, sent, returned, returned_here, reserved,
    same_visit, chosen or direct.
    """

    because: str
    since: datetime
    priority: str = ""
    booked_at: datetime | None = None
    by: str = ""  # the colleague who sent them
    words: str = ""  # of an agent, for what is out of order


def why_called(
    *,
    issued_at: datetime,
    priority: str,
    is_reserved: bool,
    booked_at: datetime | None = None,
    rank: datetime | None = None,
) -> Why:
    """The reason that the agent reads, as a value; words are made elsewhere."""
    if is_reserved:
        return Why("reserved", issued_at, priority, booked_at)
    if booked_at is not None and rank is not None and rank <= booked_at:
        return Why("appointment", issued_at, priority, booked_at)
    return Why("priority" if priority else "arrival", issued_at, priority)


# Who may call whom ----------------------------------------------------------------------------


@dataclass(frozen=True)
class InLine:
    """Somebody waiting, as far as the order is concerned."""

    id: int
    topic_id: int
    reserved_desk_id: int | None = None
    reserved_agent_id: int | None = None


def may_serve(
    desk_id: int, topics: frozenset[int], person: InLine, *, agent_id: int | None = None
) -> bool:
    """A person kept for a desk or a colleague waits for these; others for a desk of their topic."""
    if person.reserved_agent_id is not None:
        return person.reserved_agent_id == agent_id
    if person.reserved_desk_id is not None:
        return person.reserved_desk_id == desk_id
    return person.topic_id in topics
