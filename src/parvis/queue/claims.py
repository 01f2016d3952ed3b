"""The three statements that make the hall correct under any load, in SQL of both engines.

Each is one round trip: what is decided and what is written cannot be told apart by another
desk, another kiosk or another process.
"""

from datetime import date, datetime

from django.db import connection

from parvis.queue import rules
from parvis.queue.models import Ticket

CHANNEL = "parvis_hall"  # of PostgreSQL's NOTIFY; the payload is "site:version"

# The bound on rank_at makes the partial index start behind tickets that were left behind, so
# that their number never matters.
# A case keeps what is looked up for people kept for somebody away from everybody else.
_SKILLED = f"""
SELECT 1 FROM accounts_skill s
WHERE s.agent_id = %(agent)s AND s.family_id = o.family_id AND s.level >= {rules.ABLE}
"""  # noqa: S608 - no value is put into the text
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
ORDER BY t.rank_at, t.id LIMIT 1
"""  # noqa: S608
# A clock that jumps back must not call anybody before they came: never earlier than issued_at.
_CALL = """
state = 'called', desk_id = %(desk)s, agent_id = %(agent)s, calls = calls + 1,
called_at = COALESCE(called_at, {greatest}(%(now)s, issued_at)),
last_call_at = {greatest}(%(now)s, issued_at)
"""
_CLAIM = {
    "sqlite": f"""
UPDATE queue_ticket SET {_CALL.format(greatest="MAX")}
WHERE id = ({_NEXT}) AND state = 'waiting' RETURNING *
""",  # noqa: S608 - no value is put into the text
    "postgresql": f"""
WITH first AS ({_NEXT} FOR UPDATE SKIP LOCKED)
UPDATE queue_ticket SET {_CALL.format(greatest="GREATEST")}
FROM first WHERE queue_ticket.id = first.id RETURNING queue_ticket.*
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


def claim_next(*, site_id: int, desk_id: int, agent_id: int, now: datetime) -> Ticket | None:
    """Give the first person whom the desk may serve to the desk, or None when nobody waits."""
    adapt = connection.ops.adapt_datetimefield_value
    values = {
        "site": site_id,
        "desk": desk_id,
        "agent": agent_id,
        "now": adapt(now),
        "oldest": adapt(now - rules.HALL_DAY),
    }
    claimed = list(Ticket.objects.raw(_CLAIM[connection.vendor], values))
    return claimed[0] if claimed else None


def next_number(*, site_id: int, day: date, series: str) -> int:
    """The next number of the series that day; given back by itself if the transaction fails."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [site_id, connection.ops.adapt_datefield_value(day), series])
        return int(cursor.fetchone()[0])


def bump_version(site_id: int) -> None:
    """Tell every screen of the site that there is something new, once this is committed.

    The last statement of a transaction: the row is locked until the commit, so versions grow in
    the order of commits, and the lock is short.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BUMP_AND_NOTIFY if connection.vendor == "postgresql" else _BUMP, [site_id])
        cursor.fetchone()
