"""What a day of a hall is played again from: a handful of queries, whatever the crowd."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q

from parvis.common.access import Actor
from parvis.common.clock import day_bounds
from parvis.organisations.models import Site
from parvis.quality.queries.sealed import unsealed_tickets
from parvis.quality.rules.replay import Change, Sitting
from parvis.queue import rules as queue_rules
from parvis.queue.models import DeskSession, Ticket, TicketEvent


@dataclass(frozen=True)
class DayOfHall:
    """One local day of one site; the tickets are those that the reader may see one by one."""

    tickets: dict[int, Ticket]
    changes: list[Change]
    sittings: list[Sitting]
    desks: dict[int, str]


def day_of_hall(site: Site, day: date, *, reader: Actor) -> DayOfHall:
    """The tickets of a day, what happened to all of them, and who received: four queries."""
    tickets = unsealed_tickets(Ticket.objects.filter(site=site, day=day), reader)
    desks = {desk.pk: desk.label for desk in site.desks.all()}
    return DayOfHall(
        {ticket.pk: ticket for ticket in tickets.select_related("topic")},
        _changes(site, day),
        _sittings(site, day),
        desks,
    )


def _changes(site: Site, day: date) -> list[Change]:
    events = TicketEvent.objects.filter(ticket__site=site, ticket__day=day).order_by("id")
    rows = list(events.values_list("id", "at", "ticket_id", "kind", "desk_id", "data"))
    undone = {int(data["of"]) for _i, _a, _t, kind, _d, data in rows if kind == queue_rules.UNDONE}
    changes = [
        Change(at, ticket, state, desk)
        for event, at, ticket, kind, desk, _data in rows
        if event not in undone and (state := _state_after(kind)) is not None
    ]
    # A paper number written down later stands among the others at its real time.
    return sorted(changes, key=lambda change: change.at)


def _state_after(kind: str) -> str | None:
    if kind == queue_rules.ISSUED:
        return queue_rules.WAITING
    move = queue_rules.MOVES.get(kind)
    return move.target if move else None


def _sittings(site: Site, day: date) -> list[Sitting]:
    first, end = day_bounds(day, ZoneInfo(site.timezone))
    that_day = DeskSession.objects.filter(desk__site=site, opened_at__lt=end)
    open_then: Iterable[Sitting] = that_day.filter(
        Q(closed_at=None, opened_at__gte=first) | Q(closed_at__gt=first)
    ).values_list("opened_at", "closed_at")
    return list(open_then)
