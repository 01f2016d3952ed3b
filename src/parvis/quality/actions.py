"""What the room writes: goals, and that somebody took figures away."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.errors import Refused
from parvis.organisations.models import Authority
from parvis.quality.models import Goal
from parvis.quality.queries.goals import steps
from parvis.quality.queries.perimeter import Perimeter, frame_of
from parvis.quality.rules.goals import DIRECTIONS, in_force


@transaction.atomic
def set_goals(
    authority: Authority, goals: dict[str, float | None], *, actor: Actor | None, now: datetime
) -> list[Goal]:
    """Decide goals from today on; those that stay as they are write nothing. None lifts one."""
    unknown = goals.keys() - DIRECTIONS.keys()
    if unknown or any(value is not None and not 0 <= value <= 1 for value in goals.values()):
        raise Refused(
            _("A goal is a share between 0 and 100 percent, of an indicator that may have one.")
        )
    today = frame_of(Perimeter(authority, now.date(), now.date())).today(now)
    known = in_force(steps(authority), today)
    changed = {code: value for code, value in goals.items() if known.get(code) != value}
    return [
        _set(authority, code, value, before=known.get(code), since=today, actor=actor)
        for code, value in changed.items()
    ]


def _set(
    authority: Authority,
    code: str,
    value: float | None,
    *,
    before: float | None,
    since: Any,
    actor: Actor | None,
) -> Goal:
    goal, _created = Goal.objects.update_or_create(
        authority=authority, code=code, since=since, defaults={"value": value}
    )
    journal.record(
        actor,
        "quality.goal_set",
        goal,
        authority_id=authority.pk,
        code=code,
        before=before,
        value=value,
    )
    return goal


@transaction.atomic
def note_export(perimeter: Perimeter, what: str, *, actor: Actor) -> None:
    """Write down who took which figures or rows out of the house."""
    journal.record(
        actor,
        "quality.exported",
        perimeter.authority,
        what=what,
        first=perimeter.first.isoformat(),
        last=perimeter.last.isoformat(),
        narrowed=list(perimeter.key[1:]),
    )
