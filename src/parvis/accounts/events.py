"""News of this room, for the rooms above."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DeskChosen:
    """An agent chose a desk for the session, or none."""

    agent_id: int
    desk_id: int | None
    at: datetime


@dataclass(frozen=True)
class SignedOut:
    """An agent left: the desk is free again."""

    agent_id: int
    at: datetime


@dataclass(frozen=True)
class AgentDeactivated:
    """A colleague may not sign in any more: what waits for them needs somebody else."""

    agent_id: int
    at: datetime


@dataclass(frozen=True)
class AgentMoved:
    """A colleague works in another service now: what they held there stays with that service."""

    agent_id: int
    before_id: int | None  # the service before
    at: datetime


@dataclass(frozen=True)
class PresenceSaid:
    """A colleague went out, or is back: what waits for them may need somebody else."""

    agent_id: int
    is_out: bool
    at: datetime
