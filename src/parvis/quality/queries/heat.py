"""A year of arrivals and waits, read so lightly that a map of them needs no memory.

The columns of a ticket say when it was taken and when its person was first received, as its
events do: both are written by the same action. Ninety thousand rows are two whole numbers each,
counted by the database; no instant is parsed here.
"""

from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Func, IntegerField, Q, QuerySet, Value, When

from parvis.quality.queries.perimeter import Frame
from parvis.quality.rules.heat import HALF_HOUR, Arrival
from parvis.quality.rules.legs import CALLS_BEFORE_ABANDONED
from parvis.queue import rules as queue_rules
from parvis.queue.models import Ticket


class Epoch(Func):
    """Whole seconds since 1970 of an instant."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="CAST(strftime('%%s', %(expressions)s) AS INTEGER)",
            **context,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint",
            **context,
        )


_GONE = Q(state=queue_rules.LEFT) | Q(
    state=queue_rules.NO_SHOW, calls__gte=CALLS_BEFORE_ABANDONED
)


def arrivals(frame: Frame, first: date, last: date) -> list[Arrival]:
    """When people of some local days came and how long they waited; one query.

    People with an appointment come when they were told to: they are left out. Whoever was passed
    on counts for the topic that the ticket bears now.
    """
    if not frame.perimeter.has_tickets:
        return []
    rows = _tickets(frame, first, last).values_list(
        Epoch("issued_at") / HALF_HOUR,
        Epoch("started_at") - Epoch("issued_at"),
        Case(When(_GONE, then=Value(True)), default=Value(False), output_field=BooleanField()),
    )
    return [(slot, wait if wait is None or wait >= 0 else 0, bool(gone)) for slot, wait, gone in rows]


def _tickets(frame: Frame, first: date, last: date) -> QuerySet[Ticket]:
    tickets = Ticket.objects.filter(
        site__in=frame.site_ids, day__gte=first, day__lte=last, booked_at=None
    ).order_by()
    wanted = frame.topic_ids
    return tickets if wanted is None else tickets.filter(topic__in=wanted)
