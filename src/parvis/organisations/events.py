"""News of this room, for the rooms above."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TakenOutOfUse:
    """A site, desk, service or topic is no longer offered; whoever still works with it refuses."""

    kind: str  # the name of the model: site, desk, service, topic
    row_id: int
    authority_id: int
    at: datetime
