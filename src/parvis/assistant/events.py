"""What the room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HandoverMoved:
    """Somebody waits for a person, is with one, or no longer."""

    handover_id: int
    authority_id: int
    state: str  # waiting, taken, ended, missed, given_up
    at: datetime
