"""Which cases are likely the same request twice, and which may be put together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

NEAR_DAYS: Final = 30  # two requests further apart are two requests
TAKEN_APART_WITHIN: Final = timedelta(days=30)
# What may be put into another case; what was sent to another authority is theirs.
MERGEABLE: Final = frozenset({"open", "awaiting", "closed"})
KEPT: Final = frozenset({"open", "awaiting"})


@dataclass(frozen=True)
class Filed:
    """What tells a request from another one."""

    pk: int
    authority: int
    service: int
    topic: int
    family: int
    received_on: date
    state: str = "open"
    is_sealed: bool = False
    people: frozenset[str] = frozenset()  # keys of whoever asked; empty when nobody is named

    def is_of_same_person(self, other: "Filed") -> bool:
        """Is it surely the same person? Nobody named is never the same as anybody."""
        return bool(self.people & other.people)


def person_keys(pk: int | None, *, name: str, email: str, phone: str) -> frozenset[str]:
    """By what somebody is known again; a telephone alone may be that of a household."""
    keys = {f"id:{pk}"} if pk else set()
    if name and email:
        keys.add(f"mail:{email}|{name}")
    if name and phone:
        keys.add(f"phone:{phone}|{name}")
    return frozenset(keys)


class Likeness(StrEnum):
    """How much two requests look like the same one."""

    TOPIC = "topic"  # same person, same topic, near dates
    FAMILY = "family"  # same person, same family of topics, near dates


def likeness(one: Filed, other: Filed) -> Likeness | None:
    """Does this look like the same request made twice?"""
    if one.pk == other.pk or not one.is_of_same_person(other):
        return None
    if abs((one.received_on - other.received_on).days) > NEAR_DAYS:
        return None
    if one.topic == other.topic:
        return Likeness.TOPIC
    return Likeness.FAMILY if one.family == other.family else None


def likely_duplicates(of: Filed, others: Iterable[Filed]) -> list[tuple[int, Likeness]]:
    """The cases that look like this one and could be put together with it, likeliest first."""
    found = []
    for other in others:
        alike = likeness(of, other)
        either = merge_problem(of, other) is None or merge_problem(other, of) is None
        if alike is not None and either:
            apart = abs((of.received_on - other.received_on).days)
            found.append((alike is Likeness.FAMILY, apart, other.pk, alike))
    return [(pk, alike) for _family, _apart, pk, alike in sorted(found)]


class MergeProblem(StrEnum):
    """Why two cases are not put together."""

    SAME = "same"
    AUTHORITY = "authority"
    PERSON = "person"
    SEAL = "seal"
    STATE = "state"
    KEPT_CLOSED = "kept_closed"


def merge_problem(merged: Filed, kept: Filed) -> MergeProblem | None:
    """What forbids putting the first into the second, if anything.

    Somebody else's secret link would open the kept case: only the same person's are merged.
    """
    if merged.pk == kept.pk:
        return MergeProblem.SAME
    if merged.authority != kept.authority:
        return MergeProblem.AUTHORITY
    if merged.service != kept.service and (merged.is_sealed or kept.is_sealed):
        return MergeProblem.SEAL
    if not merged.is_of_same_person(kept):
        return MergeProblem.PERSON
    if merged.state not in MERGEABLE:
        return MergeProblem.STATE
    return None if kept.state in KEPT else MergeProblem.KEPT_CLOSED


def may_be_taken_apart(merged_at: datetime, now: datetime) -> bool:
    """Is it still time to undo a merge?"""
    return now - merged_at < TAKEN_APART_WITHIN
