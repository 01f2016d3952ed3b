"""What a person reads of the papers of their case."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.utils import timezone

from parvis.cases.models import Case
from parvis.letters import actions, queries
from parvis.letters.models import Letter, RightRequest
from parvis.letters.queries import Right

register = template.Library()


@dataclass(frozen=True)
class Papers:
    """Letters that left, what may be asked for, and what was."""

    letters: list[Letter]
    rights: list[Right]
    asked: list[tuple[RightRequest, date | None]]  # with the new end of the time to contest


@register.simple_tag
def papers_of(case: Case) -> Papers:
    """The papers of a case for its person."""
    return Papers(
        queries.sent_to_person(case),
        queries.open_rights(case, timezone.localdate()),
        [(one, actions.appeal_after_motives(one)) for one in queries.asked(case)],
    )
