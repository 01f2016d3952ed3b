"""The rows behind a figure: tickets with their waits, contacts with their standing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from parvis.common import keyset
from parvis.common.access import Actor
from parvis.contacts.models import Contact
from parvis.quality.queries import contacts, legs
from parvis.quality.queries.perimeter import Frame
from parvis.quality.queries.sealed import unsealed_tickets
from parvis.quality.rules.legs import Leg
from parvis.quality.rules.resolution import Judged, Period, judge
from parvis.queue.models import Ticket

PAGE = 50
CHUNK = 2000


@dataclass(frozen=True)
class TicketRow:
    """One ticket with its legs; nobody's name."""

    ticket: Ticket
    legs: tuple[Leg, ...]


@dataclass(frozen=True)
class ContactLine:
    """One contact with what it is to first-contact resolution; nobody's name."""

    contact: Contact
    judged: Judged | None
    solved: bool | None
    score: int | None


@dataclass(frozen=True)
class Page:
    """One page of rows, and the key of the next one."""

    rows: Sequence[TicketRow] | Sequence[ContactLine]
    next: str


def ticket_page(frame: Frame, after: str = "", *, reader: Actor) -> Page:
    """The tickets of the perimeter that this reader may see, latest first."""
    perimeter = frame.perimeter
    if not perimeter.has_tickets:
        return Page([], "")
    tickets = _latest_tickets(frame, reader)
    key = keyset.read(after)
    if key:
        tickets = tickets.filter(keyset.older("issued_at", key))
    found = list(tickets[: PAGE + 1])
    shown = found[:PAGE]
    return Page(_ticket_rows(frame, shown), _mark_of(found, "issued_at"))


def contact_page(frame: Frame, now: datetime, after: str = "", *, reader: Actor) -> Page:
    """The contacts of the perimeter that this reader may see, latest first."""
    rows = _latest_contacts(frame, reader)
    key = keyset.read(after)
    if key:
        rows = rows.filter(keyset.older("started_at", key))
    found = list(rows[: PAGE + 1])
    return Page(_contact_lines(frame, now, found[:PAGE]), _mark_of(found, "started_at"))


def all_tickets(frame: Frame, *, reader: Actor) -> Iterator[TicketRow]:
    """Every ticket of the perimeter that this reader may see, for an export: read once."""
    perimeter = frame.perimeter
    known = {stay.ticket: stay.legs for stay in legs.stays(frame, perimeter.first, perimeter.last)}
    tickets = _latest_tickets(frame, reader).only(
        "series", "number", "day", "topic", "site", "announced_low", "announced_high"
    )  # fmt: skip
    for ticket in tickets.iterator(CHUNK) if known else ():
        if ticket.pk in known:
            yield TicketRow(ticket, known[ticket.pk])


def all_contacts(frame: Frame, now: datetime, *, reader: Actor) -> Iterator[ContactLine]:
    """Every contact of the perimeter, for an export: read once, whatever their number."""
    perimeter, cut_off = frame.perimeter, frame.cut_off(now)
    near = contacts.log(frame, perimeter.first, perimeter.last, cut_off=cut_off)
    standing = _standing(frame, near, cut_off)
    for contact in _latest_contacts(frame, reader).iterator(CHUNK):
        yield _line(contact, standing)


def sealed_tickets(frame: Frame, reader: Actor) -> int:
    """How many tickets count and are not listed for this reader."""
    if not frame.perimeter.has_tickets:
        return 0
    tickets = legs.tickets_of(frame, frame.perimeter.first, frame.perimeter.last)
    listed = unsealed_tickets(tickets, reader).order_by().values("pk")
    return len(legs.stays_of(frame, tickets.exclude(pk__in=listed)))


def sealed_contacts(frame: Frame, reader: Actor) -> int:
    """How many contacts count and are not listed for this reader."""
    rows = contacts.contacts_of(frame, frame.perimeter.first, frame.perimeter.last)
    return rows.count() - rows.unsealed_for(reader).count()


def _latest_tickets(frame: Frame, reader: Actor) -> QuerySet[Ticket]:
    tickets = legs.tickets_of(frame, frame.perimeter.first, frame.perimeter.last)
    return unsealed_tickets(tickets, reader).order_by("-issued_at", "-pk")


def _ticket_rows(frame: Frame, tickets: Sequence[Ticket]) -> list[TicketRow]:
    shown = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets])
    known = {stay.ticket: stay.legs for stay in legs.stays_of(frame, shown)} if tickets else {}
    return [TicketRow(one, known[one.pk]) for one in tickets if one.pk in known]


def _latest_contacts(frame: Frame, reader: Actor) -> QuerySet[Contact]:
    rows = contacts.contacts_of(frame, frame.perimeter.first, frame.perimeter.last)
    # They count in every figure; line by line, those of a sensitive service are its own.
    rows = rows.unsealed_for(reader)
    return rows.select_related("response").order_by("-started_at", "-pk")


def _contact_lines(frame: Frame, now: datetime, shown: Sequence[Contact]) -> list[ContactLine]:
    if not shown:
        return []
    perimeter = frame.perimeter
    stories = contacts.stories_of(frame, shown)
    near = contacts.read(frame, stories, perimeter.first, perimeter.last)
    standing = _standing(frame, near, frame.cut_off(now))
    return [_line(contact, standing) for contact in shown]


def _standing(frame: Frame, near: contacts.Log, cut_off: date) -> dict[object, Judged]:
    """What each contact of the perimeter is to first-contact resolution, by its key."""
    perimeter = frame.perimeter
    period = Period(perimeter.first, perimeter.last, max(cut_off, perimeter.last))
    return {one.contact.key: one for one in judge(near.rows, period, frame.zone)}


def _line(contact: Contact, standing: dict[object, Judged]) -> ContactLine:
    answer = getattr(contact, "response", None)
    return ContactLine(
        contact,
        standing.get(contact.pk),
        answer.solved if answer else None,
        answer.satisfaction if answer else None,
    )


def _mark_of(found: Sequence[Ticket] | Sequence[Contact], field: str) -> str:
    if len(found) <= PAGE:
        return ""
    last = found[PAGE - 1]
    return keyset.mark(getattr(last, field), last.pk)
