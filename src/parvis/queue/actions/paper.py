"""Numbers of the paper roll, written down after a breakdown with the times at which it all was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import codes, journal
from parvis.common.errors import Refused
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel, Contact, Outcome
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import claims, queries, rules
from parvis.queue.actions.moves import write_down
from parvis.queue.models import Leg, Source, Ticket
from parvis.queue.rules import rolls


@dataclass(frozen=True)
class Slip:
    """A number of the paper roll that somebody holds already, and since when."""

    number: int
    at: datetime


@dataclass(frozen=True)
class PaperTicket:
    """One line of the sheet: who came for what, when, and how it ended."""

    line: rolls.Line
    topic: Topic
    priority: str = ""


@dataclass(frozen=True)
class Sheet:
    """What holds for all lines of a sheet: where, on which day, who received."""

    site: Site
    day: date
    agent: Agent
    desk: Desk | None = None


class LineRefused(Refused):
    """One line cannot be taken as it is; ``row`` says which."""

    def __init__(self, row: int, message: str) -> None:
        super().__init__(message)
        self.row = row


@transaction.atomic
def enter_paper(
    sheet: Sheet, lines: Sequence[PaperTicket], *, by: Agent, now: datetime
) -> list[Ticket]:
    """Write down a sheet of paper numbers, all of it or nothing."""
    _check_sheet(sheet, by)
    entered = []
    for one in sorted(lines, key=lambda paper: paper.line.number):
        try:
            with transaction.atomic():
                entered.append(_enter(sheet, one, now))
        except IntegrityError:
            raise LineRefused(one.line.row, _known(one.line.number)) from None
        except Refused as refusal:
            raise LineRefused(one.line.row, refusal.message) from refusal
    if entered:
        journal.record(
            by, "queue.paper_entered", sheet.site, day=str(sheet.day), count=len(entered)
        )
        claims.bump_version(sheet.site.pk)
    return entered


def _check_sheet(sheet: Sheet, by: Agent) -> None:
    ours = {sheet.site.authority_id, sheet.agent.authority_id, by.authority_id}
    if len(ours) > 1 or (sheet.desk is not None and sheet.desk.site_id != sheet.site.pk):
        raise Refused(_("This desk does not receive people here."), code="wrong_desk")


def _enter(sheet: Sheet, paper: PaperTicket, now: datetime) -> Ticket:
    ticket = _ticket(sheet, paper, now)
    contact = _contact(ticket, sheet, paper, now)
    if contact is not None:
        Ticket.objects.filter(pk=ticket.pk).update(contact=contact)
        ticket.contact = contact
    _events(ticket, sheet, paper)
    _leg(ticket, sheet, paper)
    return ticket


def _ticket(sheet: Sheet, paper: PaperTicket, now: datetime) -> Ticket:
    line = paper.line
    state, ended = _end_of(line)
    was_called = line.called is not None
    return Ticket.objects.create(
        site=sheet.site,
        topic=paper.topic,
        day=sheet.day,
        series=queries.paper_series(sheet.site),
        number=line.number,
        state=state,
        priority=paper.priority,
        source=Source.PAPER,
        secret_hash=codes.hash_secret(codes.new_secret()),  # nobody has a page of it
        issued_at=line.arrived,
        rank_at=line.arrived,
        desk=sheet.desk if was_called else None,
        agent=sheet.agent if was_called else None,
        called_at=line.called,
        last_call_at=line.called,
        calls=int(was_called),
        started_at=line.called if state == Ticket.State.DONE else None,
        ended_at=ended,
        entered_at=now,
    )


def _end_of(line: rolls.Line) -> tuple[str, datetime]:
    ended = line.ended or line.called or line.arrived
    if line.outcome == rolls.LEFT:
        return Ticket.State.LEFT, ended
    if line.outcome == rolls.NO_SHOW:
        return Ticket.State.NO_SHOW, ended
    return Ticket.State.DONE, ended


def _contact(ticket: Ticket, sheet: Sheet, paper: PaperTicket, now: datetime) -> Contact | None:
    if ticket.state != Ticket.State.DONE:
        return None
    if paper.line.outcome not in Outcome.values:
        raise Refused(_("Choose how the exchange ended."), code="invalid")
    assert ticket.started_at is not None  # noqa: S101 - the sheet was checked
    assert ticket.ended_at is not None  # noqa: S101
    return contacts.log_contact(
        authority=sheet.site.authority,
        topic=paper.topic,
        channel=Channel.DESK,
        outcome=paper.line.outcome,
        started_at=ticket.started_at,
        ended_at=ticket.ended_at,
        now=now,
        agent=sheet.agent,
        site=sheet.site,
        desk=sheet.desk,
    )


def _events(ticket: Ticket, sheet: Sheet, paper: PaperTicket) -> None:
    """The account of the visit, at the times at which it happened."""
    assert ticket.ended_at is not None  # noqa: S101 - every paper visit is over
    here = ticket.desk_id
    write_down(
        ticket, rules.ISSUED, at=ticket.issued_at, agent=None, by_desk=None, source=Source.PAPER
    )
    if ticket.called_at is not None:
        write_down(ticket, "called", at=ticket.called_at, agent=sheet.agent, by_desk=here)
    if ticket.state == Ticket.State.LEFT:
        write_down(ticket, "left", at=ticket.ended_at, agent=None, by_desk=here)
    elif ticket.state == Ticket.State.NO_SHOW:
        write_down(ticket, "no_show", at=ticket.ended_at, agent=sheet.agent, by_desk=here)
    else:
        # The sheet does not tell the way to the desk: no event claims to know when it began.
        how = {"outcome": paper.line.outcome}
        write_down(ticket, "finished", at=ticket.ended_at, agent=sheet.agent, by_desk=here, **how)


def _leg(ticket: Ticket, sheet: Sheet, paper: PaperTicket) -> None:
    kinds = {Ticket.State.LEFT: "left", Ticket.State.NO_SHOW: "no_show"}
    is_done = ticket.state == Ticket.State.DONE
    Leg.objects.create(
        ticket=ticket,
        position=1,
        topic=paper.topic,
        waiting_since=ticket.issued_at,
        called_at=ticket.called_at,
        started_at=ticket.started_at,
        ended_at=ticket.ended_at,
        ended_by=kinds.get(Ticket.State(ticket.state), "finished"),
        outcome=paper.line.outcome if is_done else "",
        desk=ticket.desk,
        agent=ticket.agent,
        contact=ticket.contact,
    )


def keep_slip(ticket: Ticket, slip: Slip, *, now: datetime) -> None:
    """Save a new ticket under the number that the person holds already."""
    if not 1 <= slip.number <= rolls.HIGHEST:
        raise Refused(_("This is no number of the paper roll."), code="invalid")
    ticket.series, ticket.number = queries.paper_series(ticket.site), slip.number
    ticket.entered_at = now
    try:
        with transaction.atomic():
            ticket.save(force_insert=True)
    except IntegrityError:
        raise Refused(_known(slip.number), code="known_number") from None


def _known(number: int) -> str:
    return _("Number %(number)s of this day was entered meanwhile.") % {"number": number}
