"""Who has to say why before reading a case, and how long a reason holds."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

# What outsiders choose from; the others are written by the house itself.
REASONS: Final = ("here", "letter", "help", "takeover", "check", "rights", "other")
WRITTEN: Final = "written"
SAFETY: Final = "safety"
IN_WORDS: Final = frozenset({"other", SAFETY})
SHORTEST_WORDS: Final = {"other": 5, SAFETY: 20}

READING_HOLDS: Final = timedelta(hours=1)  # the length of a visit, with what is written after it
ACTING_HOLDS: Final = timedelta(hours=8)  # nobody loses what they typed over lunch
SEAL_OPEN: Final = timedelta(minutes=30)


def is_outside(agent_service: int | None, case_service: int) -> bool:
    """Whoever does not belong to the owning service comes from outside."""
    return agent_service != case_service


def reason_holds(given_at: datetime | None, now: datetime, *, acting: bool = False) -> bool:
    """Does the reason given then still stand for what is done now?"""
    if given_at is None:
        return False
    return now - given_at < (ACTING_HOLDS if acting else READING_HOLDS)


def is_reason(reason: str, words: str, *, chosen: Collection[str] = REASONS) -> bool:
    """One of the list, with words of one's own where the list says nothing."""
    return reason in chosen and len(words.strip()) >= SHORTEST_WORDS.get(reason, 0)
