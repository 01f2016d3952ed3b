"""How a round to a department moves, and when it may close."""

from datetime import date, datetime

PLANNED, DONE, POSTPONED, CANCELLED = "planned", "done", "postponed", "cancelled"
LONG_AGO_DAYS = 120


def may_close(*, minutes: str, drafts: int, nothing_new: bool) -> bool:
    """A round closes with its minutes and a change of a sheet, or with "nothing new" said."""
    return bool(minutes.strip()) and (drafts > 0 or nothing_new)


def is_overdue(planned_at: datetime, now: datetime) -> bool:
    """Planned for a day that has passed, and nobody said what came of it."""
    return planned_at < now


def is_long_ago(last: date | None, today: date) -> bool:
    """Was this department not visited for a season?"""
    return last is None or (today - last).days > LONG_AGO_DAYS
