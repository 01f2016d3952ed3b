"""What the room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ContactClosed:
    """One exchange has ended and was written down."""

    contact_id: int
    authority_id: int
    topic_id: int
    channel: str
    outcome: str
    ended_at: datetime


@dataclass(frozen=True)
class ContactUndone:
    """A contact was taken back within its ten seconds."""

    contact_id: int
    authority_id: int
