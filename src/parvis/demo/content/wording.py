"""The shape of the demo town's sheets, cases and comments."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.demo.content.schema import Text


@dataclass(frozen=True)
class DocumentCase:
    """The documents to bring in one situation (`case` is empty for everybody)."""

    case: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class LegalBasis:
    """A text a sheet rests on, always to be confirmed by the authority."""

    text: str
    to_confirm: bool


@dataclass(frozen=True)
class Block:
    """One part of a sheet with its own disclosure level (public, asked, internal).

    An internal block with `embargo_days` becomes public that many days after the demo's today;
    the items of a `related` block are references of other sheets.
    """

    kind: str
    level: str
    text: str = ""
    items: tuple[str, ...] = ()
    cases: tuple[DocumentCase, ...] = ()
    legal: tuple[LegalBasis, ...] = ()
    url: str = ""
    embargo_days: int = 0


@dataclass(frozen=True)
class Sheet:
    """A local sheet: the answer to say, then everything behind it."""

    ref: str
    topic: str
    title: Text
    short: Text
    service: str
    shared: bool
    reviewed_days_ago: int
    review_every_days: int
    synonyms: tuple[str, ...]
    blocks: tuple[Block, ...]
    asked: tuple[str, ...] = ()  # how people ask for it


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happens in a case some working days after it was opened.

    With a `reason` the entry is internal; `awaits` names what the person is asked for.
    """

    day: int
    kind: str
    by: str
    text: tuple[str, ...]
    reason: str = ""
    awaits: str = ""


@dataclass(frozen=True)
class CaseTemplate:
    """A case as it typically goes, for one topic."""

    key: str
    topic: str
    title: Text
    channels: tuple[str, ...]
    weight: int
    due_days: int
    first_words: tuple[str, ...]
    timeline: tuple[TimelineEntry, ...]
    outcome: str
    closing: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeEntry:
    """A way for a case to end."""

    code: str
    name: Text


@dataclass(frozen=True)
class Comment:
    """A free comment and the topic families it fits (none: all of them)."""

    text: str
    families: tuple[str, ...] = ()


@dataclass(frozen=True)
class HallMessage:
    """A message of the day on the desk's bar or on the lobby display."""

    text: Text
    place: str
    audience: str


@dataclass(frozen=True)
class Visitor:
    """A resident that several pages of the demo tell the same story about."""

    first: str
    last: str
    title: str
    story: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class CaseWords:
    """All the wordings around cases and opinions."""

    outcomes: tuple[OutcomeEntry, ...]
    phrases: dict[str, tuple[str, ...]]
    templates: tuple[CaseTemplate, ...]
    thanks: tuple[Comment, ...]
    not_solved: tuple[Comment, ...]
    satisfaction: dict[str, tuple[Comment, ...]]
    complaints: tuple[Comment, ...]
    suggestions: tuple[Comment, ...]
    hall_messages: tuple[HallMessage, ...]
    notes: tuple[Comment, ...]
    visitors: tuple[Visitor, ...]
