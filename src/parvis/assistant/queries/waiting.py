"""The place of somebody in the line, and how long it may take."""

from dataclasses import dataclass
from datetime import datetime

from parvis.assistant.models import Handover
from parvis.assistant.queries import house
from parvis.assistant.rules import handing as rules


@dataclass(frozen=True)
class Waits:
    """Who is before, and a range of minutes."""

    before: int
    low: int
    high: int
    is_anybody_there: bool


def waits_of(handover: Handover, now: datetime) -> Waits:
    """What somebody who waits is told at this moment."""
    picture = house.house_now(handover.conversation.authority, now, before=handover)
    low, high = rules.wait(picture)
    return Waits(picture.waiting, low, high, bool(picture.held))
