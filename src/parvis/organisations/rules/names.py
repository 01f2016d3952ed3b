"""Which name of a colleague may be shown (CRPA L111-2: the name is due, safety excepted)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NameLevel(StrEnum):
    """How much is shown to the public: all, the first name and function, or only the service."""

    FULL = "full"
    FIRST_NAME_AND_FUNCTION = "first_name"
    SERVICE_ONLY = "service"


@dataclass(frozen=True, slots=True)
class NamePolicy:
    """A decision about one person's name: by whom, why, and until which day (included)."""

    level: NameLevel
    reason: str
    author: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class StaffName:
    """What the directory knows about the person."""

    first_name: str
    last_name: str
    function: str
    service: str


@dataclass(frozen=True, slots=True)
class ShownName:
    """What may be shown: an empty text is a text that must not appear."""

    level: NameLevel
    name: str
    function: str
    service: str


def name_level(policy: NamePolicy | None, default: NameLevel, day: date) -> NameLevel:
    """The level in force that day: the person's own until its end, then the authority's."""
    if policy is None or (policy.ends_on is not None and day > policy.ends_on):
        return default
    return policy.level


def shown_name(
    staff: StaffName, policy: NamePolicy | None, default: NameLevel, day: date
) -> ShownName:
    """The name, function and service that may be shown of a colleague on a date."""
    level = name_level(policy, default, day)
    if level is NameLevel.SERVICE_ONLY:
        return ShownName(level, "", "", staff.service)
    full = level is NameLevel.FULL
    name = f"{staff.first_name} {staff.last_name}".strip() if full else staff.first_name
    return ShownName(level, name, staff.function, staff.service)


def missing_in_policy(policy: NamePolicy) -> tuple[str, ...]:
    """Which fields a policy still lacks: hiding a name needs a reason, an author and an end."""
    if policy.level is NameLevel.FULL:
        return ()
    given = {"reason": policy.reason.strip(), "author": policy.author, "ends_on": policy.ends_on}
    return tuple(field for field, value in given.items() if not value)
