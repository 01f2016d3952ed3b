"""How long people have still to wait: those in line, and those who would join it now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.organisations.models import Site, Topic
from parvis.queue import rules
from parvis.queue.models import Ticket
from parvis.queue.queries.hall import Hall, load_hall

NEWCOMER = 1 << 62  # no ticket has such an id: whoever comes now is behind all of them


@dataclass(frozen=True)
class Position:
    """How many people are before a ticket, and for how long; None when it cannot be said."""

    ahead: int
    wait: rules.WaitRange | None


def position(ticket: Ticket, now: datetime, *, hall: Hall | None = None) -> Position:
    """The place of a ticket in line, and an honest range of its wait."""
    if ticket.state != rules.WAITING:
        return Position(0, None)
    hall = hall or load_hall(ticket.site, now)
    me = hall.place_of(ticket.pk)
    return _position(hall, me) if me else Position(0, None)


def _position(hall: Hall, me: rules.Waiting) -> Position:
    waits = rules.wait_ranges(hall.open_desks, hall.line, [me])
    return Position(rules.before(hall.calling_desks, hall.line, me), waits[me.id])


def position_behind(ticket: Ticket, others: int, now: datetime, *, hall: Hall) -> Position | None:
    """The place after letting so many people pass who wait for the same desks; None if too few."""
    me = hall.place_of(ticket.pk)
    passing = rules.next_behind(hall.calling_desks, hall.line, me)[:others] if me else []
    if me is None or not passing:
        return None
    last = passing[-1]
    later = replace(me, id=NEWCOMER, rank=last.rank)
    without_me = tuple(person for person in hall.line if person.id != me.id)
    return _position(replace(hall, line=without_me), later)


def newcomer_wait(
    site: Site, topic: Topic, now: datetime, *, priority: str = ""
) -> rules.WaitRange | None:
    """The wait of somebody who would take a ticket now; None when it cannot be said."""
    return waits_by_topic(load_hall(site, now), [topic.pk], priority=priority)[topic.pk]


def expected_wait(site: Site, topic: Topic, now: datetime) -> rules.WaitRange | None:
    """The wait of somebody without priority who would take a ticket now."""
    return newcomer_wait(site, topic, now)


def waits_by_topic(
    hall: Hall, topic_ids: Iterable[int], *, priority: str = ""
) -> dict[int, rules.WaitRange | None]:
    """The wait of a newcomer for each topic: the line is played forward once for all of them."""
    rank = rules.rank_at(hall.at, fairness=hall.fairness, has_priority=bool(priority)).timestamp()
    newcomers = [
        rules.Waiting(NEWCOMER + topic_id, rank, (rules.Stop(topic_id),)) for topic_id in topic_ids
    ]
    waits = rules.wait_ranges(hall.open_desks, hall.line, newcomers)
    return {one.topic_id: waits[one.id] for one in newcomers}
