"""Which sheets lie ready at the desk: words, topic and former use, weighed in the open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from parvis.common.intervals import Interval, wilson

MOST = 3  # proposed at once: more is a list to be read, not a help
FEW = 5  # visits, before a share says anything
LEAST_USED = 3  # times, before use says anything
WORDS, WORDS_UNSURE = 1.0, 0.5  # of the sheet that the words fit best
TOPIC, USED, NAMED, PINNED = 0.35, 0.25, 0.3, 2.0
OWN = 0.1  # about equal: what the authority says itself comes first
STALE = 0.05  # taken away: two sheets alike, the checked one comes first


class Why(StrEnum):
    """What speaks for a sheet; the telling one is said first."""

    PINNED = "pinned"  # the editors put it first for these words
    WORDS = "words"  # found by the words of the person
    TOPIC = "topic"  # tied to the topic of the visit
    USED = "used"  # it helped others who came for this
    NAMED = "named"  # found by the name of the topic


class Deed(StrEnum):
    """What an agent did with a sheet that was proposed, the weakest first."""

    OPENED = "opened"
    GIVEN = "given"  # its documents were printed or sent
    USED = "used"  # the contact ended with it


STRENGTH = {"": 0, Deed.OPENED: 1, Deed.GIVEN: 2, Deed.USED: 3}


@dataclass(frozen=True)
class Candidate:
    """A sheet that may lie ready, and what is known for it."""

    sheet: int
    words: float = 0.0  # how well the words fit, as a share of the sheet that fits best
    named: float = 0.0  # the same for the name of the topic
    of_topic: bool = False
    used: int = 0  # contacts with this topic that it helped lately
    is_pinned: bool = False
    is_own: bool = True
    is_stale: bool = False


@dataclass(frozen=True)
class Ranked:
    """A sheet in its place, and why."""

    sheet: int
    score: float
    whys: tuple[Why, ...]


def ranked(candidates: Iterable[Candidate], *, is_sure: bool = True) -> list[Ranked]:
    """The sheets that lie ready, likeliest first; ``is_sure``: the words have a sure answer."""
    rows = list(candidates)
    most = max((one.used for one in rows), default=0)
    scored = [_scored(one, WORDS if is_sure else WORDS_UNSURE, most) for one in rows]
    kept = [one for one in scored if one.whys]
    return sorted(kept, key=lambda one: (-one.score, one.sheet))[:MOST]


def _scored(one: Candidate, words: float, most: int) -> Ranked:
    is_used = one.used >= LEAST_USED
    weights = {
        Why.PINNED: PINNED * one.is_pinned,
        Why.WORDS: words * one.words,
        Why.TOPIC: TOPIC * one.of_topic,
        Why.USED: USED * one.used / most if is_used else 0.0,
        Why.NAMED: NAMED * one.named,
    }
    score = sum(weights.values()) + OWN * one.is_own - STALE * one.is_stale
    return Ranked(one.sheet, round(score, 4), tuple(why for why in Why if weights[why]))


def prevails(new: str, old: str) -> bool:
    """Does this deed say more than the one known, or as much and later?"""
    return STRENGTH[new] >= STRENGTH[old]


@dataclass(frozen=True)
class Share:
    """How often something happened, and what that is worth."""

    count: int
    of: int
    interval: Interval

    @property
    def percent(self) -> int:
        return round(100 * self.count / self.of)

    @property
    def low(self) -> int:
        return round(100 * self.interval.low)

    @property
    def high(self) -> int:
        return round(100 * self.interval.high)


def share(count: int, of: int) -> Share | None:
    """The share, or nothing while they are fewer than five."""
    return Share(count, of, wilson(count, of)) if of >= FEW else None


def position(proposed: Sequence[int], sheet: int) -> int | None:
    """At which place a sheet was proposed, from one on."""
    return proposed.index(sheet) + 1 if sheet in proposed else None
