"""Who may do what: one table, from the roles of the house to the capabilities that views ask for.

Source: the table of roles and permissions agreed with the authorities. A capability is named
``room.verb``; what it is limited to (own site, own service) is decided by the fetch.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

_RECEPTION = {
    "queue.work",
    "queue.read",
    "contacts.log",
    "contacts.read",
    "cases.open",
    "cases.read",
    "cases.act",
    "knowledge.read",
    "knowledge.propose",
    "law.read",
    "directory.read",
    "own.read",
    "appointments.read",
    "appointments.book",
    "departments.ask",
    "assistant.talk",
    "complaints.record",
    "complaints.read",
    "incidents.report",
    "post.register",
    "mail.sort",
}
_REFERENT = {
    "queue.read",
    "contacts.log",
    "contacts.read",
    "cases.open",
    "cases.read",
    "cases.act",
    "cases.assign",
    "knowledge.read",
    "law.read",
    "law.propose",
    "law.write_own",
    "directory.read",
    "own.read",
    "appointments.read",
    "appointments.book",
    "departments.answer",
    "complaints.read",
    "incidents.report",
    "post.register",
    "mail.sort_own",
}

_PROTOCOLS = {"protocols.read", "protocols.deviate"}

# Of a service: the sheets that this service answers for.
_KEEPER = {"knowledge.propose", "knowledge.write_own", "knowledge.validate_own"}

CAPABILITIES: dict[str, frozenset[str]] = {
    "REC": frozenset(_RECEPTION | _PROTOCOLS),
    "ADV": frozenset(_RECEPTION | _PROTOCOLS | {"cases.assign", "knowledge.write"}),
    "REF": frozenset(
        _REFERENT | _KEEPER | {"protocols.read", "complaints.record", "complaints.answer"}
    ),
    "LIA": frozenset(_REFERENT | _KEEPER | {"protocols.read", "protocols.write_own"}),
    "MGR": frozenset(
        _RECEPTION
        | _REFERENT
        | {"queue.manage", "contacts.correct", "quality.read", "quality.rows", "staff.manage"}
        | {"quality.export"}
        | {"appointments.manage", "knowledge.write", "departments.manage"}
        | _PROTOCOLS
        | {"protocols.write", "protocols.validate", "procedures.manage", "cases.manage"}
        | {"letters.manage"}
        | {"assistant.review"}
        | {"complaints.answer", "incidents.read", "thanks.read"}
        # Safety of persons: with a motive, to read only, told to the data protection officer.
        | {"cases.break_seal", "cases.log"}
        | {"archive.read", "retention.manage"}
    ),
    "QUA": frozenset(
        {"queue.read", "contacts.read", "quality.read", "quality.rows"}
        | {"quality.export", "quality.manage"}
        | {"knowledge.read", "protocols.read", "law.read", "directory.read", "own.read"}
        | {"complaints.read", "complaints.answer", "thanks.read", "assistant.review"}
    ),
    "KBE": frozenset(
        {"knowledge.read", "knowledge.propose", "knowledge.write", "knowledge.validate"}
        | {"knowledge.share", "assistant.review"}
        | {"law.read", "law.write", "law.propose", "law.decide"}
        | {"directory.read", "own.read"}
    ),
    "HR": frozenset({"protocols.read", "directory.read", "own.read", "incidents.read"}),
    "DIR": frozenset(
        {"knowledge.read", "knowledge.validate", "quality.read", "directory.read", "own.read"}
        | {"protocols.read", "protocols.validate", "law.read", "law.propose", "law.decide"}
        # What nobody of the service answered comes to its head.
        | {"departments.answer", "complaints.read", "thanks.read"}
    ),
    "ELU": frozenset({"quality.read", "own.read"}),
    "AUD": frozenset({"knowledge.read", "protocols.read", "law.read", "quality.read", "own.read"}),
    "MOD": frozenset({"own.read"}),
    "FED": frozenset(
        {"knowledge.read", "knowledge.share", "law.read", "directory.read", "own.read"}
    ),
    "ADM": frozenset(
        {"settings.manage", "staff.manage", "procedures.manage", "letters.manage"}
        | {"knowledge.import", "own.read", "retention.manage"}
        # What was decided in the settings and accounts; never what speaks of people.
        | {"journal.settings"}
    ),
    "DPO": frozenset(
        {"journal.read", "cases.log", "own.read", "privacy.manage", "retention.manage"}
        | {"archive.read"}
    ),
}


def capabilities_of(roles: Iterable[str]) -> frozenset[str]:
    """All that somebody holding these roles may do."""
    return frozenset().union(*(CAPABILITIES.get(role, frozenset()) for role in roles))


# Only the administrator gives these, or touches the account of somebody who holds one.
RESERVED = frozenset({"ADM", "DPO", "AUD", "ELU", "FED"})
WITH_END = frozenset({"AUD"})


def grantable(capabilities: Iterable[str]) -> frozenset[str]:
    """The roles that somebody with these capabilities may give to a colleague."""
    held = frozenset(capabilities)
    if "settings.manage" in held:
        return frozenset(CAPABILITIES)
    return frozenset(CAPABILITIES) - RESERVED if "staff.manage" in held else frozenset()


def may_manage(capabilities: Iterable[str], roles: Iterable[str]) -> bool:
    """May somebody with these capabilities change the account of a colleague with these roles?"""
    return frozenset(roles) <= grantable(capabilities) and "staff.manage" in frozenset(capabilities)


class SessionState(StrEnum):
    """What becomes of a session at its next page."""

    OPEN = "open"
    LOCKED = "locked"
    OVER = "over"


LONGEST_SESSION = timedelta(hours=12)


def session_state(
    *, signed_in_at: datetime, seen_at: datetime, locked: bool, idle: timedelta, now: datetime
) -> SessionState:
    """Over after a day's work, locked when left alone; a locked screen never unlocks by itself."""
    if now - signed_in_at > LONGEST_SESSION:
        return SessionState.OVER
    return SessionState.LOCKED if locked or now - seen_at > idle else SessionState.OPEN


class PinProblem(StrEnum):
    """Why a PIN is refused."""

    NOT_DIGITS = "not_digits"
    TOO_SHORT = "too_short"
    TOO_EASY = "too_easy"


SHORTEST_PIN = 6
_RUN = "01234567890123456789"


def pin_problem(pin: str) -> PinProblem | None:
    """What is wrong with a PIN, if anything: six digits, neither all alike nor in a row."""
    if not (pin.isascii() and pin.isdigit()):
        return PinProblem.NOT_DIGITS
    if len(pin) < SHORTEST_PIN:
        return PinProblem.TOO_SHORT
    easy = len(set(pin)) < 3 or pin in _RUN or pin in _RUN[::-1]
    return PinProblem.TOO_EASY if easy else None


def is_out(out_since: datetime | None, back_at: datetime | None, now: datetime) -> bool:
    """Has this colleague said to be out, and is not expected back yet?"""
    if out_since is None or now < out_since:
        return False
    return back_at is None or now < back_at


@dataclass(frozen=True)
class Away:
    """Days on which somebody is not there, and who was chosen to stand in."""

    agent: int
    first_day: date
    last_day: date
    deputy: int | None = None

    def covers(self, day: date) -> bool:
        """Is the colleague away that day?"""
        return self.first_day <= day <= self.last_day


def overlaps(one: Away, other: Away) -> bool:
    """Do two absences have a day in common?"""
    return one.first_day <= other.last_day and other.first_day <= one.last_day


def stand_in(agent: int, deputies: Mapping[int, int | None]) -> int | None:
    """Who is there instead of somebody, deputies of deputies followed; None when nobody is.

    ``deputies`` has everybody who is away that day; a circle ends in nobody.
    """
    seen: set[int] = set()
    found: int | None = agent
    while found is not None and found in deputies:
        if found in seen:
            return None
        seen.add(found)
        found = deputies[found]
    return found


def leads_back(new: Away, others: Iterable[Away]) -> bool:
    """Would deputies of deputies lead back to the absent colleague on any of these days?"""
    others = [other for other in others if other.agent != new.agent and overlaps(new, other)]
    # A circle begins on the first day of one of its absences: no other day need be looked at.
    days = {new.first_day} | {o.first_day for o in others if new.covers(o.first_day)}
    return any(_goes_round(new, others, day) for day in days)


def _goes_round(new: Away, others: Iterable[Away], day: date) -> bool:
    deputies = {other.agent: other.deputy for other in others if other.covers(day)}
    seen: set[int] = set()
    found = new.deputy
    while found is not None and found not in seen:
        if found == new.agent:
            return True
        seen.add(found)
        found = deputies.get(found)
    return False
