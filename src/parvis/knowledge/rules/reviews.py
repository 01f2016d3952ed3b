"""When a sheet is looked at again, and what somebody is told about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

USUAL_DAYS = 180
SOON = 30
NEAR = 7
UNDO_WITHIN = timedelta(hours=1)


def next_review(today: date, every_days: int) -> date:
    """The date by which a sheet found right today is looked at again."""
    return today + timedelta(days=max(1, every_days))


def urgency(due: date | None, today: date) -> str:
    """Late, near (a week), soon (a month), or nothing to say."""
    if due is None:
        return ""
    if due < today:
        return "late"
    days = (due - today).days
    return "near" if days <= NEAR else "soon" if days <= SOON else ""


def week_of(day: date) -> date:
    """The Monday that names a week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Due:
    """A sheet whose date comes, as a mail tells it."""

    ref: str
    title: str
    due_on: date


@dataclass
class Digest:
    """What one person is told this week: one mail, not one per sheet."""

    late: list[Due] = field(default_factory=list)
    near: list[Due] = field(default_factory=list)
    soon: list[Due] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.late) + len(self.near) + len(self.soon)


def digest(sheets: Iterable[Due], today: date) -> Digest:
    """Sort what is due into late, within a week, within a month."""
    found = Digest()
    for sheet in sorted(sheets, key=lambda one: (one.due_on, one.title)):
        where = urgency(sheet.due_on, today)
        if where:
            getattr(found, where).append(sheet)
    return found


def leads_to_itself(start: int, target: int, moves: dict[int, int]) -> bool:
    """Would sending readers of ``start`` to ``target`` lead them round in a circle?"""
    seen = {start}
    here: int | None = target
    while here is not None:
        if here in seen:
            return True
        seen.add(here)
        here = moves.get(here)
    return False
