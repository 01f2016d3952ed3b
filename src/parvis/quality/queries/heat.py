"""A year of arrivals and waits, read so lightly that a map of them needs no memory.

The columns of a ticket say when it was taken and when its person was first called, as its events
do: the same action writes both. The database gathers ninety thousand tickets into a few thousand
half-hours; no instant is parsed here.
"""

from datetime import date
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    Func,
    IntegerField,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Cast

from parvis.quality.queries.perimeter import Frame
from parvis.quality.rules.heat import HALF_HOUR, HalfHour
from parvis.quality.rules.legs import CALLS_BEFORE_ABANDONED
from parvis.queue import rules as queue_rules
from parvis.queue.models import Leg, Ticket


class Epoch(Func):
    """Whole seconds since 1970 of an instant."""

    output_field = IntegerField()
    template = "unixepoch(%(expressions)s)"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same for PostgreSQL."""
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


class Joined(Aggregate):
    """Values written one after another, with commas; those that are missing are left out."""

    output_field = CharField()
    template = "GROUP_CONCAT(%(expressions)s)"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same for PostgreSQL."""
        return self.as_sql(
            compiler, connection, template="STRING_AGG(%(expressions)s, ',')", **context
        )


_GONE = Q(state=queue_rules.LEFT) | Q(state=queue_rules.NO_SHOW, calls__gte=CALLS_BEFORE_ABANDONED)


def half_hours(frame: Frame, first: date, last: date) -> list[HalfHour]:
    """When people of some local days came and how long until their first call; one query.

    People with an appointment come when they were told to: they are left out. Whoever was passed
    on counts for the topic that the ticket bears now.
    """
    if not frame.perimeter.has_tickets:
        return []
    # Who was called in vain was not received: only ended visits say how long a wait was.
    wait = Case(
        When(state=queue_rules.DONE, then=Epoch("called_at") - Epoch("issued_at")),
        output_field=IntegerField(),
    )
    rows = (
        _tickets(frame, first, last)
        .annotate(slot=Epoch("issued_at") / HALF_HOUR)
        .values("slot")
        .annotate(people=Count("pk"), gone=Count("pk", filter=_GONE))
        .annotate(waits=Joined(Cast(wait, CharField())))
    )
    return [
        HalfHour(slot, people, gone, tuple(map(int, waits.split(","))) if waits else ())
        for slot, people, gone, waits in rows.values_list("slot", "people", "gone", "waits")
    ]


def _tickets(frame: Frame, first: date, last: date) -> QuerySet[Ticket]:
    tickets = Ticket.objects.filter(
        site__in=frame.site_ids, day__gte=first, day__lte=last, booked_at=None
    ).order_by()
    # Received at once by a slip of the finger, and taken back: nobody ever came.
    never = Leg.objects.filter(ended_by=queue_rules.VOIDED).values("ticket")
    tickets = tickets.exclude(pk__in=never)
    wanted = frame.topic_ids
    return tickets if wanted is None else tickets.filter(topic__in=wanted)
