"""The tables that a history is written into, and the journal beside them."""

import json
from dataclasses import dataclass, field
from typing import Any

from parvis.cases.models import Case, CaseEntry
from parvis.common.models import JournalEntry
from parvis.contacts.models import Contact, ContactSheet, Correction, Person
from parvis.demo.loading import Table, settle
from parvis.demo.references import References
from parvis.feedback.models import Response, Thanks, ThanksRecipient
from parvis.queue.models import DeskSession, Leg, Ticket, TicketCounter, TicketEvent

_TICKET = (
    "site topic day series number state priority source name language person needs secret_hash "
    "issued_at rank_at reserved_desk desk agent called_at last_call_at calls started_at ended_at "
    "transfers note announced_low announced_high contact"
)
_LEG = (
    "ticket position topic waiting_since called_at started_at ended_at ended_by outcome desk "
    "agent contact"
)
_CONTACT = (
    "authority site desk agent topic person linking channel started_at ended_at recorded_at "
    "outcome beyond_level needs avoidable_cause note undone_at"
)
_CASE = (
    "authority reference topic service referent deputy referent_since person contact channel "
    "title description state opened_at received_on posted_on due_on closed_at reopened_count "
    "last_activity_at secret_hash secret_expires_at unread_by_service unread_by_person"
)
_ENTRY = "case at kind agent service text is_internal internal_reason data"
_PERSON = "authority first_name last_name email phone address language created_at"


@dataclass
class Journal:
    """Who did what, gathered in any order and written in the order in which it happened."""

    rows: list[tuple[int, int, str, str, str, int, str]] = field(default_factory=list)

    def add(
        self, at: int, authority_id: int, actor: str, verb: str, what: tuple[str, int], **data: Any
    ) -> None:
        """One line; ``what`` is the kind of object and its key."""
        words = json.dumps(data) if data else "{}"
        self.rows.append((at, authority_id, actor, verb, *what, words))

    def write(self, table: Table) -> None:
        """Write all lines, the earliest first."""
        self.rows.sort(key=lambda row: row[0])
        for at, authority_id, actor, verb, kind, key, data in self.rows:
            table.add(at, authority_id, actor, verb, kind, str(key), data)
        self.rows.clear()


@dataclass
class Books:
    """Every table of the history."""

    tickets: Table = field(default_factory=lambda: Table(Ticket, _TICKET))
    legs: Table = field(default_factory=lambda: Table(Leg, _LEG))
    events: Table = field(
        default_factory=lambda: Table(TicketEvent, "ticket at kind desk agent data")
    )
    counters: Table = field(default_factory=lambda: Table(TicketCounter, "site day series last"))
    sessions: Table = field(
        default_factory=lambda: Table(DeskSession, "desk agent status opened_at closed_at")
    )
    people: Table = field(default_factory=lambda: Table(Person, _PERSON))
    contacts: Table = field(default_factory=lambda: Table(Contact, _CONTACT))
    sheets: Table = field(default_factory=lambda: Table(ContactSheet, "contact version"))
    corrections: Table = field(
        default_factory=lambda: Table(Correction, "contact at by reason before after")
    )
    responses: Table = field(
        default_factory=lambda: Table(
            Response, "authority contact at via solved satisfaction comment"
        )
    )
    cases: Table = field(default_factory=lambda: Table(Case, _CASE))
    entries: Table = field(default_factory=lambda: Table(CaseEntry, _ENTRY))
    thanks: Table = field(
        default_factory=lambda: Table(Thanks, "authority case at words may_be_shown")
    )
    recipients: Table = field(
        default_factory=lambda: Table(ThanksRecipient, "thanks agent service seen_at")
    )
    lines: Table = field(
        default_factory=lambda: Table(
            JournalEntry, "at authority_id actor verb object_type object_id data"
        )
    )
    journal: Journal = field(default_factory=Journal)
    references: References = field(default_factory=lambda: References(Case, "reference"))

    @property
    def tables(self) -> list[Table]:
        """All of them."""
        return [value for value in vars(self).values() if isinstance(value, Table)]

    def close(self) -> dict[str, int]:
        """Write what is left; gives back how many rows of what there are."""
        self.journal.write(self.lines)
        for table in self.tables:
            table.flush()
        settle()
        return {table.model.__name__: table.written for table in self.tables}
