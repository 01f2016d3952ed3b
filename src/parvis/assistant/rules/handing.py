"""Which ways lead to a person now, and how long each takes: from a picture of the house."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

MOST_AT_ONCE = 3  # conversations of one agent
USUAL = timedelta(minutes=8)  # of a conversation, until enough of them were held
LAST_CALL = timedelta(minutes=5)  # before closing nobody is asked to begin waiting
TOLD_BEFORE = timedelta(minutes=10)  # before closing those who talk are told
AGENT_GONE = timedelta(seconds=90)  # without a sign: the network, a locked screen, an accident
PERSON_GONE_WAITING = timedelta(minutes=3)
PERSON_GONE_TALKING = timedelta(minutes=10)  # somebody without script only comes back to read
NOBODY = timedelta(minutes=5)  # waited for nobody: no longer


class Way(StrEnum):
    """The ways to a person, as a hand-over names them."""

    CHAT = "chat"
    CALLBACK = "callback"
    APPOINTMENT = "appointment"
    MESSAGE = "message"
    CLOSED = "closed"  # telephone and opening hours


@dataclass(frozen=True)
class House:
    """What there is at this moment: who is there, who waits, what can be promised."""

    closes_at: datetime | None = None  # None: closed
    held: Sequence[int] = field(default_factory=tuple)  # conversations of each agent on duty
    waiting: int = 0  # people before the one who asks
    usual: timedelta = USUAL
    calls_by: datetime | None = None  # the end of the first moment at which a call is promised
    takes_appointments: bool = False
    takes_messages: bool = True


@dataclass(frozen=True)
class Offer:
    """One way and how long it takes: a range of minutes, or an hour by which it happens."""

    way: Way
    low: int | None = None
    high: int | None = None
    by: datetime | None = None


def offers(house: House, now: datetime) -> tuple[Offer, ...]:
    """Every way that is open now, the quickest first; telephone and hours are always there."""
    found = []
    if can_chat(house, now):
        low, high = wait(house)
        found.append(Offer(Way.CHAT, low, high))
    if house.calls_by is not None:
        found.append(Offer(Way.CALLBACK, by=house.calls_by))
    if house.takes_messages:
        found.append(Offer(Way.MESSAGE))
    if house.takes_appointments:
        found.append(Offer(Way.APPOINTMENT))
    return (*found, Offer(Way.CLOSED))


def can_chat(house: House, now: datetime) -> bool:
    """Is somebody there, and will they still be when it is this person's turn?"""
    if not house.held or house.closes_at is None:
        return False
    low, _high = wait(house)
    return house.closes_at - now >= max(LAST_CALL, timedelta(minutes=low))


def wait(house: House) -> tuple[int, int]:
    """How many minutes whoever comes now waits: at least, at most."""
    free = sum(max(0, MOST_AT_ONCE - held) for held in house.held)
    if house.waiting < free:
        return 0, 2
    places = max(1, len(house.held) * MOST_AT_ONCE)
    turns = (house.waiting - free) // places + 1
    minutes = house.usual / timedelta(minutes=1) * turns
    return int(minutes / 2), max(2, ceil(minutes * 1.5))


class Fate(StrEnum):
    """What becomes of a hand-over when nobody does anything."""

    STAYS = "stays"
    AGENT_GONE = "agent_gone"  # back to the front of the line
    PERSON_GONE = "person_gone"  # closed, nothing lost
    NOBODY = "nobody"  # nobody is there any more: other ways are offered


@dataclass(frozen=True)
class Open:
    """An open hand-over as the clock sees it."""

    taken: bool
    waits_since: datetime
    person_seen: datetime
    agent_seen: datetime | None = None


def fate(one: Open, house: House, now: datetime) -> Fate:
    """Whether it stays; whoever is gone is never waited for without end."""
    patience = PERSON_GONE_TALKING if one.taken else PERSON_GONE_WAITING
    if now - one.person_seen > patience:
        return Fate.PERSON_GONE
    if one.taken:
        seen = one.agent_seen or one.waits_since
        return Fate.AGENT_GONE if now - seen > AGENT_GONE else Fate.STAYS
    if house.closes_at is None:
        return Fate.NOBODY
    is_long = now - one.waits_since > NOBODY
    return Fate.NOBODY if not house.held and is_long else Fate.STAYS


def should_tell_closing(house: House, now: datetime) -> bool:
    """Is it time to say that the house closes soon?"""
    return house.closes_at is not None and house.closes_at - now <= TOLD_BEFORE
