"""What an agent noted about the present visitor before the visit ends: kept in their session.

It belongs to one ticket: when another one is at the desk, it is gone by itself.
"""

from dataclasses import asdict, dataclass, field

from django.contrib.sessions.backends.base import SessionBase

_DRAFT, _ISSUED = "web_visit", "web_issued"


@dataclass
class Draft:
    """The corrected topic and the sheets used so far."""

    ticket: int
    topic: int | None = None
    sheets: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class IssuedHere:
    """The last ticket given at this desk, and its secret for the slip."""

    ticket: int
    secret: str


def draft_of(session: SessionBase, ticket_id: int | None) -> Draft:
    """What was noted about this ticket so far."""
    kept = session.get(_DRAFT)
    if ticket_id is None or not kept or kept.get("ticket") != ticket_id:
        return Draft(ticket_id or 0)
    return Draft(**kept)


def corrected(session: SessionBase) -> dict[int, int | None]:
    """The topic chosen instead of the one on a ticket."""
    kept = session.get(_DRAFT)
    return {kept["ticket"]: kept["topic"]} if kept else {}


def keep(session: SessionBase, draft: Draft) -> None:
    """Remember what was noted."""
    session[_DRAFT] = asdict(draft)


def forget(session: SessionBase) -> None:
    """The visit ended."""
    session.pop(_DRAFT, None)


def keep_issued(session: SessionBase, issued: IssuedHere) -> None:
    """Remember the secret of the last ticket until its slip is printed or another is given."""
    session[_ISSUED] = asdict(issued)


def issued_here(session: SessionBase) -> IssuedHere | None:
    """The last ticket given at this desk in this session."""
    kept = session.get(_ISSUED)
    return IssuedHere(**kept) if kept else None
