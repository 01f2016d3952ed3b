"""The receipt that the law asks for: what it must say, by when it leaves, when none is owed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from parvis.cases.rules.silence import Meaning
from parvis.common.calendar import WorkingCalendar, add_working_days
from parvis.common.clock import local_day

ELECTRONIC: Final = frozenset({"email", "web"})
REGISTRATION_DAYS: Final = 1  # working days, when it cannot be at once
SHORTEST_DELAY: Final = 7  # days; the longer one for local bodies is to be confirmed


class Lack(StrEnum):
    """What article R112-5 asks for and the receipt cannot say."""

    RECEIVED_ON = "received_on"
    SERVICE = "service"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE = "phone"
    SILENCE = "silence"  # the day, or what it waits for
    APPEAL = "appeal"  # silence is a refusal: how and until when it is contested


class Exemption(StrEnum):
    """Why no receipt is owed; always with a reason in words."""

    NONE = ""
    FAST = "fast"  # a favourable decision within fifteen days (R112-4)
    SIMPLE = "simple"  # only the conditions for a document or benefit are checked (R112-4)
    ABUSIVE = "abusive"  # by number or repetition (L112-3)
    STAFF = "staff"  # between an administration and its own agents (L112-2)


@dataclass(frozen=True)
class Content:
    """What a receipt would say."""

    received_on: date | None
    service: str
    address: str
    email: str
    phone: str
    meaning: Meaning
    falls_on: date | None = None
    waits: bool = False  # the day depends on something that is named
    appeal: str = ""


def lacking(content: Content) -> list[Lack]:
    """What is missing before this receipt may leave; empty when it may."""
    found = [
        lack
        for lack, said in (
            (Lack.RECEIVED_ON, content.received_on),
            (Lack.SERVICE, content.service.strip()),
            (Lack.ADDRESS, content.address.strip()),
            (Lack.EMAIL, content.email.strip()),
            (Lack.PHONE, content.phone.strip()),
        )
        if not said
    ]
    if content.meaning is not Meaning.NONE and content.falls_on is None and not content.waits:
        found.append(Lack.SILENCE)
    if content.meaning is Meaning.REJECTION and not content.appeal.strip():
        found.append(Lack.APPEAL)
    return found


@dataclass(frozen=True)
class Due:
    """Until when an electronic sending is answered by its two receipts."""

    registration_on: date
    full_on: date


def electronic_due(
    received_at: datetime, *, channel: str, zone: tzinfo, calendar: WorkingCalendar, days: int
) -> Due | None:
    """One working day to register, so many days for the full receipt; None on other channels."""
    if channel not in ELECTRONIC:
        return None
    day = local_day(received_at, zone)
    return Due(
        registration_on=add_working_days(day, REGISTRATION_DAYS, calendar),
        full_on=day + timedelta(days=days),
    )
