"""The goals that an authority set itself."""

from datetime import date

from parvis.organisations.models import Authority
from parvis.quality.models import Goal
from parvis.quality.rules import goals


def steps(authority: Authority) -> list[goals.Step]:
    """Every goal ever decided, the latest first."""
    rows = Goal.objects.filter(authority=authority).order_by("-since", "code")
    return [goals.Step(*row) for row in rows.values_list("code", "since", "value")]


def goals_on(authority: Authority, day: date) -> dict[str, float]:
    """The goals in force on a day, by indicator."""
    return goals.in_force(steps(authority), day)
