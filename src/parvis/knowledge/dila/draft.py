"""What one file of the national set tells, before anything is stored."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from parvis.knowledge.rules import Block, Path

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
    path: Path = field(default_factory=Path)
    source_file: str = ""
    download_url: str = ""
    important_change_on: date | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where a node or a resource comes from, as the licence wants it told."""

    url: str = ""
    note: str = ""
    dated: date | None = None
    raw: str = ""


@dataclass(frozen=True)
class NodeDraft:
    """A theme, sub-theme or dossier as its own file tells it."""

    ref: str
    kind: str
    title: str
    introduction: str
    branch: "Branch"
    origin: Origin
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Branch:
    """A place in the tree with what stands in it, in order."""

    ref: str
    kind: str
    title: str
    branches: tuple["Branch", ...] = ()
    sheets: tuple[tuple[str, str], ...] = ()  # reference and title


@dataclass(frozen=True)
class ResourceDraft:
    """An online service, a form, a letter, a word, an amount."""

    ref: str
    kind: str
    national_type: str
    title: str
    html: str = ""
    address: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    history: tuple[dict[str, str], ...] = ()
    is_available: bool = True
    origin: Origin = field(default_factory=Origin)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class TreeDraft:
    """The whole tree of an edition; ``refs`` are all the sheets that it holds."""

    branches: tuple[Branch, ...]
    refs: frozenset[str]
    dated: date | None
    is_complete: bool  # the arborescence is; the menu stops at the dossiers
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moved:
    """One redirection; outside of the set when ``to_url`` is given."""

    from_ref: str
    to_ref: str
    to_url: str
    since: date | None


@dataclass(frozen=True)
class RedirectionsDraft:
    """Every redirection that one file tells."""

    moves: tuple[Moved, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class DatesDraft:
    """When sheets changed in what matters, told together."""

    days: dict[str, date]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListDraft:
    """Resources that a list names; their own files say more and come first."""

    resources: tuple[ResourceDraft, ...]
    unknown: tuple[str, ...] = ()


AnyDraft = (
    Draft | NodeDraft | ResourceDraft | TreeDraft | RedirectionsDraft | DatesDraft | ListDraft
)


class Explained(Exception):
    """A file that is rightly nothing to keep; not a fault."""


class Broken(Exception):
    """A file that should be a sheet and cannot be read; says why, and where."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
