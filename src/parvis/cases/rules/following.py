"""Who follows a case, whom the public sees, and which moves a case may make."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from parvis.accounts.rules import Away, stand_in
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
    "merged": frozenset(),  # only taking it out again changes that
}
RUNNING = frozenset({"open", "awaiting"})


def may_move(state: str, to: str) -> bool:
    """Is this change of state lawful?"""
    return to in MOVES[state]


UNSKILLED, OVER_CAP = "unskilled", "over_cap"


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
    cap: int | None = None  # cases that are enough
    is_away: bool = False

    @property
    def is_able(self) -> bool:
        """Is the skill in this family validated?"""
        return self.skill >= ABLE

    @property
    def is_full(self) -> bool:
        """Has the colleague enough cases already?"""
        return self.cap is not None and self.load >= self.cap


def may_follow(colleague: Colleague, service_id: int) -> bool:
    """Only a person, at work, of the owning service (R14)."""
    return colleague.is_active and not colleague.is_robot and colleague.service_id == service_id


def choose_referent(
    colleagues: Iterable[Colleague], *, service_id: int, known_by: Collection[int] = ()
) -> Colleague | None:
    """Somebody who is there, able and not full: known to the person first, else least loaded.

    Without anybody who is all that, whoever lacks least, so that a case without a name is only
    possible in a service that has nobody to follow cases.
    """
    fit = [c for c in colleagues if may_follow(c, service_id) and c.roles & FOLLOWERS]
    known = {pk: place for place, pk in enumerate(known_by)}

    def rank(one: Colleague) -> tuple[bool, bool, bool, int, int, int]:
        lacks = (not one.is_able, one.is_away, one.is_full)
        return (*lacks, known.get(one.pk, len(known)), one.load, one.pk)

    return min(fit, key=rank, default=None)


def choose_deputy(
    colleagues: Iterable[Colleague], *, service_id: int, referent_id: int
) -> Colleague | None:
    """Another colleague of the same service, able and least loaded first; None when alone."""
    others = [
        c
        for c in colleagues
        if may_follow(c, service_id) and c.roles & FOLLOWERS and c.pk != referent_id
    ]
    return min(others, key=lambda c: (not c.is_able, c.is_away, c.load, c.pk), default=None)


def exceptions(colleague: Colleague) -> tuple[str, ...]:
    """What speaks against giving this colleague one more case: done only with a reason (R8)."""
    found = {UNSKILLED: not colleague.is_able, OVER_CAP: colleague.is_full}
    return tuple(name for name, speaks in found.items() if speaks)


def unavoidable(
    found: Collection[str], colleagues: Iterable[Colleague], *, service_id: int
) -> bool:
    """Is there nobody else in the service of whom less would have to be said?"""
    others = [c for c in colleagues if may_follow(c, service_id) and c.roles & FOLLOWERS]
    return all(len(exceptions(one)) >= len(found) for one in others)


@dataclass(frozen=True)
class Follower:
    """Somebody who follows or stands in, as far as the public is concerned."""

    pk: int
    service_id: int | None
    is_active: bool
    shown: ShownName
    is_robot: bool = False


@dataclass(frozen=True)
class NamedContact:
    """Who the public page names on one date: nobody else may appear."""

    name: str  # empty: only the service is shown
    function: str
    service: str
    deputy: str  # empty: none, or not to be named
    stands_in: bool = False  # somebody else, because the referent cannot
    away: str = ""  # the referent who is away, where the name may be said
    away_until: date | None = None  # the last day away


@dataclass(frozen=True)
class Staff:
    """Who is away on the date, until when and with which deputy; and everybody these name."""

    away: Mapping[int, Away]
    people: Mapping[int, Follower]


NOBODY_AWAY = Staff({}, {})


def shown_follower(
    referent: Follower | None,
    deputy: Follower | None,
    *,
    service_id: int,
    staff: Staff = NOBODY_AWAY,
    deputy_is_chosen: bool = False,
) -> Follower | None:
    """Who answers that day: the referent; while away or gone, who stands in; None: the service.

    The deputy chosen for this very case comes before the one chosen for the whole absence, who
    comes before the deputy of the case that was only proposed.
    """
    there = _there(referent, service_id, staff)
    return there or _first_standing_in(referent, deputy, service_id, staff, deputy_is_chosen)


def named_contact(
    referent: Follower | None,
    deputy: Follower | None,
    *,
    service_id: int,
    service: str,
    staff: Staff = NOBODY_AWAY,
    deputy_is_chosen: bool = False,
) -> NamedContact:
    """Who is named that day, who stands behind, and until when the referent is away."""
    shown = shown_follower(
        referent,
        deputy,
        service_id=service_id,
        staff=staff,
        deputy_is_chosen=deputy_is_chosen,
    )
    away = staff.away.get(referent.pk) if referent and _belongs(referent, service_id) else None
    absent = referent.shown.name if referent and away else ""
    until = away.last_day if away else None
    if shown is None:
        return NamedContact("", "", service, "", away=absent, away_until=until)
    is_referent = referent is not None and shown.pk == referent.pk
    second = _there(deputy, service_id, staff) if is_referent else None
    behind = second.shown if second and second.pk != shown.pk else None
    return NamedContact(
        name=shown.shown.name,
        function=shown.shown.function,
        service=service,
        deputy=behind.name if behind and behind.level is not NameLevel.SERVICE_ONLY else "",
        stands_in=not is_referent,
        away=absent,
        away_until=until,
    )


@dataclass(frozen=True)
class StandIn:
    """Days to come on which the same person, or the service, is there instead of the referent."""

    first_day: date
    last_day: date
    away: str
    name: str  # empty: the service answers


def stand_ins(days: Iterable[tuple[date, NamedContact]]) -> list[StandIn]:
    """Put days that follow each other together where the same is said on them."""
    found: list[StandIn] = []
    for day, contact in days:
        if not contact.away:
            continue
        last = found[-1] if found else None
        follows = last is not None and day - last.last_day == timedelta(days=1)
        if last and follows and (last.away, last.name) == (contact.away, contact.name):
            found[-1] = replace(last, last_day=day)
        else:
            found.append(StandIn(day, day, contact.away, contact.name))
    return found


def _belongs(one: Follower, service_id: int) -> bool:
    return one.is_active and not one.is_robot and one.service_id == service_id


def _there(one: Follower | None, service_id: int, staff: Staff) -> Follower | None:
    present = one is not None and _belongs(one, service_id) and one.pk not in staff.away
    return one if present else None


def _first_standing_in(
    referent: Follower | None,
    deputy: Follower | None,
    service_id: int,
    staff: Staff,
    deputy_is_chosen: bool,
) -> Follower | None:
    deputies = {pk: away.deputy for pk, away in staff.away.items()}
    named = {one.pk: one for one in (referent, deputy) if one} | dict(staff.people)

    def behind(one: Follower | None) -> Iterator[Follower | None]:
        if one is not None and one.pk in deputies:
            found = stand_in(one.pk, deputies)
            yield named.get(found) if found is not None else None

    first = [deputy] if deputy_is_chosen else []
    line = [*first, *behind(referent), deputy, *behind(deputy)]
    return next((one for one in line if _there(one, service_id, staff)), None)


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
