"""The decisions of the room."""

from parvis.letters.rules.merging import (
    FIELDS,
    Block,
    address_lines,
    blocks,
    gaps,
    merged,
    unknown_fields,
)
from parvis.letters.rules.sending import (
    CERTIFICATE,
    CERTIFICATE_DAYS,
    MOTIVES,
    SIGNED,
    Lack,
    Sheet,
    Way,
    certificate_due_on,
    lacking,
    may_sign,
)

__all__ = [
    "CERTIFICATE",
    "CERTIFICATE_DAYS",
    "FIELDS",
    "MOTIVES",
    "SIGNED",
    "Block",
    "Lack",
    "Sheet",
    "Way",
    "address_lines",
    "blocks",
    "certificate_due_on",
    "gaps",
    "lacking",
    "may_sign",
    "merged",
    "unknown_fields",
]
