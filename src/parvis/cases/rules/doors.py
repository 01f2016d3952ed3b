"""Who is let in: by link, by code and name, by a code read in one's mail; what may be said."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from parvis.common.calendar import WorkingCalendar, working_day_from
from parvis.common.clock import ONE_DAY, instant_of
from parvis.contacts.rules import plain

KEY_LIVES = timedelta(hours=1)  # the page opened with code and name
CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
DEVICE_KNOWN = timedelta(days=30)
VISIT_KNOWN = timedelta(hours=1)  # on a device that is not to be remembered
DIGITS = 6


def same_name(typed: str, *, first_name: str, last_name: str) -> bool:
    """Is this how the person is called? The family name alone will do, the first name alone not."""
    family, first, given = (plain(one) for one in (last_name, first_name, typed))
    if not family:
        return False
    return given in {family, f"{first} {family}".strip(), f"{family} {first}".strip()}


def six_digits(typed: str) -> str:
    """The six digits as they were sent, however they were typed; empty when they cannot be."""
    digits = re.sub(r"[\s.\-\u00a0\u202f]", "", unicodedata.normalize("NFKC", typed))
    return digits if re.fullmatch(r"\d{6}", digits, re.ASCII) else ""


def masked_mail(address: str) -> str:
    """Enough of an address to recognise one's own: o…@e….org."""
    name, _at, domain = address.partition("@")
    host, dot, ending = domain.rpartition(".")
    return f"{name[:1]}…@{host[:1]}…{dot}{ending}" if name and host else "…"


class Check(StrEnum):
    """Something that somebody at the desk or on the telephone showed or knew."""

    CODE = "code"
    NAME = "name"
    DETAIL = "detail"  # a telephone number, an e-mail or a postal address that we hold
    IDENTITY = "identity"  # a document with their name and photograph, seen at the desk
    CALLED_BACK = "called_back"  # we called the number that we hold


class Telling(StrEnum):
    """How much may be said."""

    NOTHING = "nothing"
    PROGRESS = "progress"  # who follows it, what is awaited from whom, until when
    CONTENT = "content"  # what was written, documents, a new link


_PROOFS = frozenset({Check.DETAIL, Check.IDENTITY, Check.CALLED_BACK})


def may_be_told(checks: Collection[Check], *, is_sensitive: bool) -> Telling:
    """What may be told after these checks.

    Code and name are what stands on a slip and a letter box: they give how far it has got. The
    content asks for one thing more that only the person has; a sensitive service asks for it
    before it says anything at all.
    """
    found = set(checks)
    if Check.NAME not in found or not found & {Check.CODE, Check.IDENTITY}:
        return Telling.NOTHING
    if found & _PROOFS:
        return Telling.CONTENT
    return Telling.NOTHING if is_sensitive else Telling.PROGRESS


class Part(StrEnum):
    """A part of the day in which a call is wanted."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    ANY = "any"


_ENDS = {Part.MORNING: time(12), Part.AFTERNOON: time(17), Part.ANY: time(17)}
_NOTICE = timedelta(hours=1)  # nobody is promised a call within the minute


@dataclass(frozen=True)
class Moment:
    """A part of a day by whose end the call is made."""

    day: date
    part: Part
    until: datetime


def moments(
    now: datetime, *, zone: tzinfo, calendar: WorkingCalendar, days: int = 5
) -> list[Moment]:
    """When a call may be wanted: the parts of the coming working days that are not over yet."""
    found: list[Moment] = []
    day = working_day_from(now.astimezone(zone).date(), calendar)
    while len({one.day for one in found}) < days:
        for part in Part:
            until = instant_of(day, _ENDS[part], zone)
            if until - now >= _NOTICE:
                found.append(Moment(day, part, until))
        day = working_day_from(day + ONE_DAY, calendar)
    return found
