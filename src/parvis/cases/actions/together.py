"""The same done for several cases at once; what cannot be done says why, and the rest is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from parvis.cases.models import Case
from parvis.common.errors import Refused


@dataclass(frozen=True)
class Together:
    """What became of each."""

    done: list[Case]
    refused: list[tuple[Case, str]]


@transaction.atomic
def for_each(cases: Iterable[Case], act: Callable[[Case], object]) -> Together:
    """Do the same to each case: whole, or not at all for one that does not allow it."""
    together = Together([], [])
    for case in cases:
        try:
            with transaction.atomic():
                act(case)
        except Refused as refusal:
            together.refused.append((case, refusal.message))
        else:
            together.done.append(case)
    return together
