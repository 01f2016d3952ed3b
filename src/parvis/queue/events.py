"""News of the hall for higher rooms: plain values only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TicketIssued:
    """Somebody took a place in line."""

    ticket_id: int
    authority_id: int
    site_id: int
    topic_id: int
    source: str
    at: datetime


@dataclass(frozen=True)
class TicketCalled:
    """Somebody was called to a desk, after waiting so long.

    ``leaves_alerts``: somebody who waits behind them wants to be told when their turn is near.
    """

    ticket_id: int
    site_id: int
    desk_id: int
    agent_id: int
    waited_seconds: int
    leaves_alerts: bool
    at: datetime


@dataclass(frozen=True)
class TicketFinished:
    """The exchange ended and is written down as a contact."""

    ticket_id: int
    authority_id: int
    site_id: int
    contact_id: int
    outcome: str
    at: datetime


@dataclass(frozen=True)
class TicketLeft:
    """Somebody went away without having been served: by their own word, or as an agent saw."""

    ticket_id: int
    authority_id: int
    site_id: int
    by_person: bool
    waited_seconds: int
    at: datetime
