"""The statements that make the hall correct under any load, in SQL of both engines.

Each is one round trip: what is decided and what is written cannot be told apart by another
desk, another kiosk or another process. The event of a change is here too: one is written with
every gesture of the hall, and the ORM takes three times as long for it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection

from parvis.queue import rules
from parvis.queue.models import Ticket, TicketEvent
from parvis.queue.queries import alerts

_FIELDS = Ticket._meta.concrete_fields
_COLUMNS = ", ".join(f"queue_ticket.{field.column}" for field in _FIELDS)
CHANNEL = "parvis_hall"  # of PostgreSQL's NOTIFY; the payload is "site:version"

# The bound on rank_at makes the partial index start behind tickets that were left behind, so
# that their number never matters.
# A case keeps what is looked up for people kept for somebody away from everybody else.
_SKILLED = f"""
SELECT 1 FROM accounts_skill s
WHERE s.agent_id = %(agent)s AND s.family_id = o.family_id AND s.level >= {rules.ABLE}
"""  # noqa: S608 - no value is put into the text
# Nobody for a desk that still has somebody: two calls at once for one desk may both pass here,
# then the index of the table refuses the second.
_BUSY = f"""
SELECT 1 FROM queue_ticket h
WHERE h.desk_id = %(desk)s AND h.state IN ({", ".join(f"'{state}'" for state in rules.AT_DESK)})
"""  # noqa: S608
_NEXT = f"""
SELECT t.id FROM queue_ticket t
WHERE t.site_id = %(site)s AND t.state = 'waiting' AND t.rank_at > %(oldest)s
AND CASE WHEN t.reserved_desk_id IS NULL AND t.reserved_agent_id IS NULL THEN t.topic_id IN (
    SELECT d.topic_id FROM organisations_desk_topics d
    JOIN organisations_topic o ON o.id = d.topic_id
    WHERE d.desk_id = %(desk)s AND (NOT o.needs_skill OR EXISTS ({_SKILLED})))
ELSE (t.reserved_agent_id = %(agent)s
      OR (t.reserved_agent_id IS NULL AND t.reserved_desk_id = %(desk)s))
    AND NOT EXISTS (SELECT 1 FROM organisations_topic o
        WHERE o.id = t.topic_id AND o.needs_skill AND NOT EXISTS ({_SKILLED})) END
AND NOT EXISTS ({_BUSY})
ORDER BY t.rank_at, t.id LIMIT 1
"""  # noqa: S608
# Nobody is called before they came or were sent on: a clock may jump back, and a call that waited
# its turn may find somebody who was transferred after it began.
_NOW = """
{greatest}(%(now)s, issued_at, COALESCE(
    (SELECT MAX(e.at) FROM queue_ticketevent e WHERE e.ticket_id = queue_ticket.id), issued_at))
"""
_CALL = f"""
state = 'called', desk_id = %(desk)s, agent_id = %(agent)s, calls = calls + 1,
called_at = COALESCE(called_at, {_NOW}), last_call_at = {_NOW}
"""
_ALERTS = f"EXISTS ({alerts.SOMEBODY.format(site='%(site)s', but='queue_ticket.id')})"
_CLAIM = {
    "sqlite": f"""
UPDATE queue_ticket SET {_CALL.format(greatest="MAX")}
WHERE id = ({_NEXT}) AND state = 'waiting' RETURNING {_COLUMNS}, {_ALERTS}
""",  # noqa: S608 - no value is put into the text
    "postgresql": f"""
WITH first AS ({_NEXT} FOR UPDATE SKIP LOCKED)
UPDATE queue_ticket SET {_CALL.format(greatest="GREATEST")}
FROM first WHERE queue_ticket.id = first.id RETURNING {_COLUMNS}, {_ALERTS}
""",  # noqa: S608
}
_NUMBER = """
INSERT INTO queue_ticketcounter (site_id, day, series, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (site_id, day, series) DO UPDATE SET last = queue_ticketcounter.last + 1
RETURNING last
"""
_BUMP = """
INSERT INTO queue_hallversion (site_id, number) VALUES (%s, 1)
ON CONFLICT (site_id) DO UPDATE SET number = queue_hallversion.number + 1
RETURNING site_id, number
"""
_BUMP_AND_NOTIFY = f"""
WITH bumped AS ({_BUMP}) SELECT pg_notify('{CHANNEL}', site_id || ':' || number) FROM bumped
"""  # noqa: S608

_EVENT = """
INSERT INTO queue_ticketevent (ticket_id, kind, at, agent_id, desk_id, data)
VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
"""
_EVENT_BUMP_AND_NOTIFY = f"""
WITH written AS ({_EVENT}), bumped AS ({_BUMP})
SELECT written.id, pg_notify('{CHANNEL}', bumped.site_id || ':' || bumped.number)
FROM written, bumped
"""  # noqa: S608


@dataclass(frozen=True)
class Claim:
    """Somebody given to a desk, and whether anybody who still waits wants to be told of it."""

    ticket: Ticket
    leaves_alerts: bool


def claim_next(*, site_id: int, desk_id: int, agent_id: int, now: datetime) -> Claim | None:
    """Give the first person whom the desk may serve to the desk.

    None when nobody waits for it, or when it still has somebody.
    """
    adapt = connection.ops.adapt_datetimefield_value
    values = {
        "site": site_id,
        "desk": desk_id,
        "agent": agent_id,
        "now": adapt(now),
        "oldest": adapt(now - rules.HALL_DAY),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM[connection.vendor], values)
        row = cursor.fetchone()
    return Claim(_ticket(row[:-1]), bool(row[-1])) if row else None


def _ticket(row: Sequence[Any]) -> Ticket:
    # As the ORM reads a row; its raw() works all of this out again at every call.
    values = list(row)
    for place, column, converters in _conversions(connection.vendor):
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return Ticket.from_db(connection.alias, [field.attname for field in _FIELDS], values)


@cache
def _conversions(vendor: str) -> list[tuple[int, Any, list[Any]]]:
    """Which columns the engine gives in another form than Python's: times and JSON on SQLite."""
    columns = [field.get_col("queue_ticket") for field in _FIELDS]
    found = [
        [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        for column in columns
    ]
    numbered = enumerate(zip(columns, found, strict=True))
    return [(place, column, how) for place, (column, how) in numbered if how]


def next_number(*, site_id: int, day: date, series: str) -> int:
    """The next number of the series that day; given back by itself if the transaction fails."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [site_id, connection.ops.adapt_datefield_value(day), series])
        return int(cursor.fetchone()[0])


def append_event(event: TicketEvent) -> TicketEvent:
    """Add one line to the account of a ticket."""
    return _write(event, _EVENT)


def append_event_and_bump(event: TicketEvent, *, site_id: int) -> TicketEvent:
    """Both at once, as the last statement of a call; where statements travel, as one."""
    if connection.vendor == "postgresql":
        return _write(event, _EVENT_BUMP_AND_NOTIFY, site_id)
    append_event(event)
    bump_version(site_id)
    return event


def _write(event: TicketEvent, statement: str, *more: Any) -> TicketEvent:
    at = connection.ops.adapt_datetimefield_value(event.at)
    data = json.dumps(event.data)
    values = [event.ticket_id, event.kind, at, event.agent_id, event.desk_id, data, *more]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        event.pk = int(cursor.fetchone()[0])
    event._state.adding = False
    event._state.db = connection.alias
    return event


def bump_version(site_id: int) -> None:
    """Tell every screen of the site that there is something new, once this is committed.

    The last statement of a transaction: the row is locked until the commit, so versions grow in
    the order of commits, and the lock is short.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BUMP_AND_NOTIFY if connection.vendor == "postgresql" else _BUMP, [site_id])
        cursor.fetchone()
