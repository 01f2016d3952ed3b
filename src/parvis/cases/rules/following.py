"""Who follows a case, whom the public sees, and which moves a case may make."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.organisations.rules import NameLevel, ShownName

SLEEPS_AFTER = timedelta(days=14)
DUE_SOON = timedelta(days=7)
ABLE = 2  # the skill level from which somebody is given cases of a family
FOLLOWERS = frozenset({"REF", "LIA"})
BODY_WIDE = frozenset({"ADV"})
STEERING = frozenset({"REF", "LIA", "MGR", "ADV"})

# From each state, the moves that are lawful; nothing else ever changes a state.
MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"awaiting", "closed", "forwarded"}),
    "awaiting": frozenset({"open", "closed", "forwarded"}),
    "closed": frozenset({"open"}),
    "forwarded": frozenset({"open"}),
}
RUNNING = frozenset({"open", "awaiting"})


def may_move(state: str, to: str) -> bool:
    """Is this change of state lawful?"""
    return to in MOVES[state]


@dataclass(frozen=True)
class Colleague:
    """What decides whether somebody is given a case."""

    pk: int
    service_id: int | None
    is_active: bool = True
    is_robot: bool = False
    roles: frozenset[str] = frozenset()
    skill: int = 0  # in the family of the topic, 0 = none
    load: int = 0  # cases running


def may_follow(colleague: Colleague, service_id: int) -> bool:
    """Only a person, at work, of the owning service (R14)."""
    return colleague.is_active and not colleague.is_robot and colleague.service_id == service_id


def choose_referent(
    colleagues: Iterable[Colleague], *, service_id: int, known_by: Collection[int] = ()
) -> Colleague | None:
    """Somebody the person knows already (latest first), else the least loaded who is able.

    Without anybody able, any referent or liaison of the service: a case without a name is only
    possible in a service that has none.
    """
    fit = {c.pk: c for c in colleagues if may_follow(c, service_id) and c.roles & FOLLOWERS}
    for pk in known_by:
        if pk in fit:
            return fit[pk]
    return min(fit.values(), key=_by_ability_then_load, default=None)


def choose_deputy(
    colleagues: Iterable[Colleague], *, service_id: int, referent_id: int
) -> Colleague | None:
    """Another colleague of the same service, able and least loaded first; None when alone."""
    others = [
        c
        for c in colleagues
        if may_follow(c, service_id) and c.roles & FOLLOWERS and c.pk != referent_id
    ]
    return min(others, key=_by_ability_then_load, default=None)


def _by_ability_then_load(colleague: Colleague) -> tuple[bool, int, int]:
    return (colleague.skill < ABLE, colleague.load, colleague.pk)


@dataclass(frozen=True)
class Follower:
    """A referent or deputy as far as the public is concerned."""

    service_id: int | None
    is_active: bool
    shown: ShownName


@dataclass(frozen=True)
class NamedContact:
    """Who the public page names on one date: nobody else may appear."""

    name: str  # empty: only the service is shown
    function: str
    service: str
    deputy: str  # empty: none, or not to be named
    stands_in: bool = False  # the deputy, because the referent cannot


def named_contact(
    referent: Follower | None, deputy: Follower | None, *, service_id: int, service: str
) -> NamedContact:
    """The contact shown: the referent; without one at work, the deputy; else the service."""
    present = [f if f and _stands_for(f, service_id) else None for f in (referent, deputy)]
    first, second = present
    shown = first or second
    if shown is None:
        return NamedContact("", "", service, "")
    behind = second.shown if first and second else None
    return NamedContact(
        name=shown.shown.name,
        function=shown.shown.function,
        service=service,
        deputy=behind.name if behind and behind.level is not NameLevel.SERVICE_ONLY else "",
        stands_in=first is None,
    )


def _stands_for(follower: Follower, service_id: int) -> bool:
    return follower.is_active and follower.service_id == service_id


@dataclass(frozen=True)
class Steerer:
    """Somebody who wants to hand over, transfer, forward or close a case."""

    roles: frozenset[str]
    service_id: int | None
    is_robot: bool = False


def may_steer(steerer: Steerer, *, service_id: int) -> bool:
    """Colleagues of the owning service; a public-service adviser for every service."""
    if steerer.roles & BODY_WIDE or steerer.is_robot:
        return True
    return bool(steerer.roles & STEERING) and steerer.service_id == service_id


def is_sleeping(*, state: str, last_activity_at: datetime, now: datetime) -> bool:
    """Nothing has happened for two weeks, and it is our turn or theirs."""
    return state in RUNNING and now - last_activity_at > SLEEPS_AFTER


def is_due(*, state: str, due_on: date | None, today: date) -> bool:
    """Is the promised date near or past?"""
    return state in RUNNING and due_on is not None and due_on <= today + DUE_SOON


def is_overdue(*, state: str, due_on: date | None, today: date) -> bool:
    """Is the promised date past?"""
    return state in RUNNING and due_on is not None and due_on < today
