"""Decisions of the room: when a site is open, and which name may be shown."""

from parvis.organisations.rules.hours import (
    Because,
    Closure,
    DayException,
    DayPlan,
    HoursChannel,
    Opening,
    OpenState,
    Schedule,
    Season,
    closure_of_days,
    confirmed_through,
    day_plan,
    state_at,
    week_view,
)
from parvis.organisations.rules.names import (
    NameLevel,
    NamePolicy,
    ShownName,
    StaffName,
    missing_in_policy,
    name_level,
    shown_name,
)
from parvis.organisations.rules.published import unusual_days, weekly_hours
from parvis.organisations.rules.week import NotHours, parse_openings, show_openings

__all__ = [
    "Because",
    "Closure",
    "DayException",
    "DayPlan",
    "HoursChannel",
    "NameLevel",
    "NamePolicy",
    "NotHours",
    "OpenState",
    "Opening",
    "Schedule",
    "Season",
    "ShownName",
    "StaffName",
    "closure_of_days",
    "confirmed_through",
    "day_plan",
    "missing_in_policy",
    "name_level",
    "parse_openings",
    "show_openings",
    "shown_name",
    "state_at",
    "unusual_days",
    "week_view",
    "weekly_hours",
]
