"""What may become of an appointment, when somebody may check in, and when it is forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from parvis.common.clock import elapsed_seconds

BOOKED: Final = "booked"
ARRIVED: Final = "arrived"
SERVED: Final = "served"
MISSED: Final = "missed"
LEFT: Final = "left"
CANCELLED: Final = "cancelled"

# Missed is not the end of the day: somebody who comes after all is still received.
MOVES: Final[dict[str, tuple[frozenset[str], str]]] = {
    "move": (frozenset({BOOKED}), BOOKED),
    "cancel": (frozenset({BOOKED}), CANCELLED),
    "arrive": (frozenset({BOOKED, MISSED}), ARRIVED),
    "take_back": (frozenset({ARRIVED}), BOOKED),
    "start": (frozenset({ARRIVED}), ARRIVED),
    "serve": (frozenset({ARRIVED}), SERVED),
    "leave": (frozenset({ARRIVED}), LEFT),
    "miss": (frozenset({BOOKED, ARRIVED}), MISSED),
}
OVER: Final = frozenset({SERVED, MISSED, LEFT, CANCELLED})

MISSED_AFTER: Final = timedelta(minutes=30)  # after the end, nobody is expected any more
REMINDER_BEFORE: Final = timedelta(hours=24)
TEXT_BEFORE: Final = timedelta(hours=2)
# Somebody who booked this afternoon for tomorrow morning has just been told.
TOLD_LATELY: Final = timedelta(hours=4)
KEPT: Final = timedelta(days=60)  # after that the person is forgotten, the figures stay
PAGE_LIVES: Final = timedelta(days=14)  # the page of an appointment that is over
RETRIES: Final = (1, 5, 15, 60, 240, 720, 1440)  # minutes between tries to send a message


class Arriving(StrEnum):
    """How somebody's arrival compares with the time booked."""

    TOO_EARLY = "too_early"
    IN_TIME = "in_time"
    LATE = "late"  # as everybody else in line, from now on


@dataclass(frozen=True, slots=True)
class HallTimes:
    """The early and late rules of a hall, in minutes."""

    early: int
    late: int


def may(move: str, state: str) -> bool:
    """Whether an appointment in this state may be moved on in this way."""
    return state in MOVES[move][0]


def arriving(booked_for: datetime, now: datetime, times: HallTimes) -> Arriving:
    """Too early to check in, in time, or too late to be called at the time booked."""
    ahead = elapsed_seconds(now, booked_for) / 60
    if ahead > times.early:
        return Arriving.TOO_EARLY
    return Arriving.LATE if -ahead > times.late else Arriving.IN_TIME


def is_over_without_them(ends_at: datetime, now: datetime) -> bool:
    """Whether somebody who has not come is not expected any more."""
    return now - ends_at >= MISSED_AFTER


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again to send a message that failed so often; None: give up."""
    if attempts > len(RETRIES):
        return None
    return now + timedelta(minutes=RETRIES[attempts - 1])


def reminder_is_useful(booked_at: datetime, starts_at: datetime, before: timedelta) -> bool:
    """Whether a reminder so long before says anything that the confirmation did not just say."""
    return starts_at - before - booked_at >= TOLD_LATELY


def takes_texts(phone: str) -> bool:
    """Whether a text message to this number is read: not a French landline, nor nothing at all."""
    return phone.startswith(("06", "07", "+"))


def is_reached(email: str, phone: str) -> bool:
    """Whether anything can be sent to somebody who left these."""
    return bool(email) or takes_texts(phone)


def offer_ends(now: datetime, starts_at: datetime, hours: int, notice: int) -> datetime | None:
    """Until when an offered slot may be accepted; None when there is no time left to ask."""
    ends = min(now + timedelta(hours=hours), starts_at - timedelta(minutes=notice))
    return ends if ends - now >= timedelta(minutes=30) else None
