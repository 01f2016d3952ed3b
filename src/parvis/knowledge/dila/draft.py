"""A national sheet as one file tells it, before anything is stored."""

from dataclasses import dataclass
from datetime import date

from parvis.knowledge.rules import Block

OWNER = "Service-Public.gouv.fr / DILA"
LICENCE = "Licence Ouverte 2.0"


@dataclass(frozen=True)
class Draft:
    """What was read, with its origin; ``dated`` is the date of the source, for "which is newer"."""

    ref: str
    title: str
    kind: str
    breadcrumb: str
    short_answer: str
    blocks: tuple[Block, ...]
    source_url: str
    source_note: str
    raw: str
    dated: date | None = None
    reviewed_on: date | None = None
    review_due_on: date | None = None
    unknown: tuple[str, ...] = ()


class Explained(Exception):
    """A file that is rightly no sheet (a node of the tree, an index); not a fault."""


class Broken(Exception):
    """A file that should be a sheet and cannot be read; says why, and where."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
