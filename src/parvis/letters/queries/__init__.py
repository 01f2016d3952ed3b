"""Reading letters, wordings, the registers of the post, and what is owed on request."""

from parvis.letters.queries.fields import values
from parvis.letters.queries.letters import (
    as_it_is,
    content,
    delegations,
    lacking,
    of_case,
    sent_to_person,
    whole,
)
from parvis.letters.queries.post import (
    DayCount,
    Page,
    Wanted,
    by_day,
    incoming,
    incoming_table,
    outgoing,
    outgoing_table,
    page,
)
from parvis.letters.queries.rights import (
    Right,
    appeal_text,
    asked,
    awaiting,
    decisions,
    open_rights,
)
from parvis.letters.queries.samples import sample
from parvis.letters.queries.slips import slip
from parvis.letters.queries.wording import (
    Wording,
    letterhead,
    standard,
    versions,
    wording,
    wordings,
)

__all__ = [
    "DayCount",
    "Page",
    "Right",
    "Wanted",
    "Wording",
    "appeal_text",
    "as_it_is",
    "asked",
    "awaiting",
    "by_day",
    "content",
    "decisions",
    "delegations",
    "incoming",
    "incoming_table",
    "lacking",
    "letterhead",
    "of_case",
    "open_rights",
    "outgoing",
    "outgoing_table",
    "page",
    "sample",
    "sent_to_person",
    "slip",
    "standard",
    "values",
    "versions",
    "whole",
    "wording",
    "wordings",
]
