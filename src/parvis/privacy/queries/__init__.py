"""What the room reads."""

from parvis.privacy.queries.people import Found, found_people, holdings, kept_reasons, part_of
from parvis.privacy.queries.register import Entry, register
from parvis.privacy.queries.terms import (
    clock_is_running,
    past_active,
    ripe,
    rule_of,
    rules_of,
    unruled,
)

__all__ = [
    "Entry",
    "Found",
    "clock_is_running",
    "found_people",
    "holdings",
    "kept_reasons",
    "part_of",
    "past_active",
    "register",
    "ripe",
    "rule_of",
    "rules_of",
    "unruled",
]
