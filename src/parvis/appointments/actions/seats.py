"""Taking and giving back seats: the one place where an agenda is held."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from parvis.appointments import queries, rules
from parvis.appointments.models import Agenda, AgendaTopic, Appointment, Offer, Seat
from parvis.common.errors import Refused


class SlotTaken(Refused):
    """The wanted slot is not free: ``nearest`` are the free starts closest to it."""

    def __init__(self, row: AgendaTopic, nearest: Sequence[datetime]) -> None:
        super().__init__(queries.taken_sentence(nearest, row.agenda.site), code="slot_taken")
        self.nearest = tuple(nearest)


def hold(*agendas: int) -> None:
    """Let one booking at a time look at these agendas and change them, in the same order always.

    SQLite has one writer anyway; on PostgreSQL the rows are locked until the commit. The unique
    constraint on seats stays the guard: this only makes a refusal orderly.
    """
    list(Agenda.objects.select_for_update().filter(pk__in=agendas).order_by("pk"))


def take(
    appointment: Appointment,
    row: AgendaTopic,
    *,
    now: datetime,
    by_agent: bool,
) -> None:
    """Take the seats of an appointment that is saved; SlotTaken when somebody else has them."""
    start = appointment.starts_at
    place = queries.place_for(row, start, now=now, by_agent=by_agent, ignoring=appointment)
    if place is None:
        raise SlotTaken(row, nearest(row, start, now=now, by_agent=by_agent, of=appointment))
    rows = [
        Seat(agenda_id=row.agenda_id, tick=tick, place=place, appointment=appointment)
        for tick in _ticks(row, start)
    ]
    try:
        with transaction.atomic():
            Seat.objects.bulk_create(rows)
    except IntegrityError:
        near = nearest(row, start, now=now, by_agent=by_agent, of=appointment)
        raise SlotTaken(row, near) from None


def keep(made: Offer, row: AgendaTopic, place: int) -> None:
    """Hold the seats of an offer that is saved: nobody else takes them before it is answered."""
    own = made.appointment.seats.filter(agenda=made.agenda, place=place)
    overlapping = set(own.values_list("tick", flat=True))  # an hour of their own, a little later
    Seat.objects.bulk_create(
        Seat(agenda_id=row.agenda_id, tick=tick, place=place, offer=made)
        for tick in _ticks(row, made.starts_at)
        if tick not in overlapping
    )


def _ticks(row: AgendaTopic, start: datetime) -> range:
    need = rules.Need.of_minutes(row.minutes, row.agenda.buffer_minutes)
    first = rules.tick_of(start)
    return range(first, first + need.length + need.after)


def nearest(
    row: AgendaTopic, start: datetime, *, now: datetime, by_agent: bool, of: Appointment
) -> list[datetime]:
    """The free starts closest to a wanted one, in any agenda of the place that serves the topic."""
    rows = [row]
    if row.agenda.agent_id is None:
        same = queries.offerings(
            row.agenda.authority_id,
            public=not by_agent,
            topic=row.topic.slug,
            site=row.agenda.site.slug,
        )
        rows += [one for one in same if one.agenda.agent_id is None and one.pk != row.pk]
    return queries.nearest_slots(rows, start, now=now, by_agent=by_agent, ignoring=of)


def give_back(appointment: Appointment) -> None:
    """Free the seats of an appointment."""
    Seat.objects.filter(appointment=appointment).delete()


def end_of(row: AgendaTopic, starts_at: datetime) -> datetime:
    """When an appointment that starts then ends."""
    return starts_at + timedelta(minutes=row.minutes)
