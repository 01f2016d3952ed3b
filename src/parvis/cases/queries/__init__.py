"""Reading cases: by their secret, as a story, as a portfolio."""

from parvis.cases.queries.finding import (
    Stub,
    by_secret,
    earlier_of_person,
    known_elsewhere,
    of_contact,
    outside_readings,
    stub_of,
    whole,
)
from parvis.cases.queries.shelves import (
    LABELS,
    Page,
    Totals,
    View,
    portfolio,
    search,
    team_totals,
)
from parvis.cases.queries.story import (
    Awaited,
    Line,
    Receipt,
    actors_of,
    awaited,
    named_contact,
    receipt,
    timeline,
)

__all__ = [
    "LABELS",
    "Awaited",
    "Line",
    "Page",
    "Receipt",
    "Stub",
    "Totals",
    "View",
    "actors_of",
    "awaited",
    "by_secret",
    "earlier_of_person",
    "known_elsewhere",
    "named_contact",
    "of_contact",
    "outside_readings",
    "portfolio",
    "receipt",
    "search",
    "stub_of",
    "team_totals",
    "timeline",
    "whole",
]
