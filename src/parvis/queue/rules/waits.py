"""Honest waits: how long somebody has still to wait, as a range, or nothing.

The line is played forward many times over, from the desks that are really open, with lengths of
visits as they were lately; the range holds about eight of ten waits. The same hall always gives
the same range: the draws are fixed, one series for each place in line.
"""

import heapq
import math
from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from statistics import NormalDist
from typing import Final

PLAYS: Final = 80
ROUND_TO: Final = 5  # minutes: a range, not false precision
# With the bounds rounded outwards, the range between these two holds about 80 % of the waits.
_LOW, _HIGH = 0.2, 0.85
ENOUGH_HISTORY: Final = 20  # visits of a topic
_SHORTEST, _LONGEST = 0.25, 120.0  # minutes; beyond, a slip of the finger or a forgotten visit
_VARIATION: Final = 0.8  # of declared minutes, as halls without history vary
_VAIN_CALL: Final = 1.0  # minutes that calling somebody who is gone takes
_DESKS: Final = 1 << 20  # their draws are others than those of the places in line
_ONWARDS: Final = 1 << 14  # nor are those of what somebody comes for next
_TAIL: Final = 0.3  # of a usual visit, when somebody already stays longer than anybody lately

Lengths = tuple[float, ...]  # minutes, PLAYS of them, evenly likely; empty when nothing is known


@dataclass(frozen=True)
class WaitRange:
    """An honest wait: between so many and so many minutes."""

    low_minutes: int
    high_minutes: int


@dataclass(frozen=True)
class Stop:
    """One topic of a visit, and how long it takes at the desk."""

    topic_id: int
    lengths: Lengths = ()  # of those in line: some of them will not be there
    full: Lengths = ()  # of those who are there


@dataclass(frozen=True)
class Waiting:
    """Somebody in line: those with a smaller rank come first; the first stop is the next one."""

    id: int
    rank: float
    stops: tuple[Stop, ...]
    reserved_desk_id: int | None = None
    reserved_agent_id: int | None = None

    @property
    def topic_id(self) -> int:
        """What they wait for now."""
        return self.stops[0].topic_id

    @property
    def lengths(self) -> Lengths:
        """How long that takes."""
        return self.stops[0].lengths

    @property
    def onwards(self) -> "Waiting | None":
        """The same person, in line for what comes after."""
        return Waiting(self.id, self.rank, self.stops[1:]) if len(self.stops) > 1 else None


@dataclass(frozen=True)
class Receiving:
    """A desk where somebody receives: the topics that this agent may take at this desk."""

    id: int
    topics: frozenset[int]
    agent_id: int | None = None
    rest: Lengths = ()  # how much longer the present visit takes; empty when the desk is free
    afterwards: Waiting | None = None  # the present visitor, back in line for a further topic
    unable: frozenset[int] = frozenset()  # topics that need a skill which the agent has not

    def serves(self, person: Waiting) -> bool:
        """May this desk call that person?"""
        if person.topic_id in self.unable:
            return False
        if person.reserved_agent_id is not None:
            return person.reserved_agent_id == self.agent_id
        if person.reserved_desk_id is not None:
            return person.reserved_desk_id == self.id
        return person.topic_id in self.topics


# Lengths --------------------------------------------------------------------------------------


def lengths_lately(minutes: Iterable[float]) -> Lengths:
    """The lengths of recent visits; empty when there are too few of them."""
    told = sorted(one for one in minutes if _SHORTEST <= one <= _LONGEST)
    if len(told) < ENOUGH_HISTORY:
        return ()
    last = len(told) - 1
    return tuple(told[round(_share(number) * last)] for number in range(PLAYS))


@lru_cache(maxsize=512)
def lengths_declared(minutes: float) -> Lengths:
    """Lengths around the minutes that the house declared; empty when it declared none."""
    if minutes <= 0:
        return ()
    variance = math.log(1 + _VARIATION**2)
    shape = NormalDist(math.log(minutes) - variance / 2, math.sqrt(variance))
    return tuple(math.exp(shape.inv_cdf(_share(number))) for number in range(PLAYS))


def with_absent(lengths: Lengths, *, left: float, no_show: float) -> Lengths:
    """The same, when some people of the line leave and others are called in vain."""
    if not lengths:
        return ()
    gone, vain = round(left * PLAYS), round(no_show * PLAYS)
    there = max(1, PLAYS - gone - vain)
    stay = [lengths[int((number + 0.5) * PLAYS / there)] for number in range(there)]
    return tuple([*[0.0] * gone, *[_VAIN_CALL] * vain, *stay][:PLAYS])


def rest_of_visit(lengths: Lengths, elapsed: float) -> Lengths:
    """How many more minutes somebody stays who has been at the desk for so long."""
    longer = [one - elapsed for one in lengths if one > elapsed]
    if len(longer) < 3:
        usual = _TAIL * sum(lengths) / len(lengths) if lengths else 0.0
        longer = [*longer, *[usual * (0.5 + number) for number in range(3)]]
    longer.sort()
    return tuple(longer[int(_share(number) * len(longer))] for number in range(PLAYS))


def _share(number: int) -> float:
    return (number + 0.5) / PLAYS


# Ranges ---------------------------------------------------------------------------------------


def wait_ranges(
    desks: Sequence[Receiving], line: Sequence[Waiting], asking: Sequence[Waiting]
) -> dict[int, WaitRange | None]:
    """The wait to announce to each of those who ask, in the line or about to join it, by id.

    None when no open desk serves them or too little is known.
    """
    known = [one for one in asking if is_known(desks, line, one)]
    starts = _play(desks, line, known) if known else {}
    return {one.id: _range(starts[one.id]) if one.id in starts else None for one in asking}


def is_known(desks: Sequence[Receiving], line: Sequence[Waiting], me: Waiting) -> bool:
    """Is there a desk for me, and is it known how long those before me take there?"""
    mine = {desk.id for desk in desks if desk.serves(me)}
    ahead = [one for one in line if (one.rank, one.id) < (me.rank, me.id) and one.id != me.id]
    reached: set[int] = set()
    while mine - reached:  # those before me at my desks may move to others, and so on
        reached |= mine
        for person in ahead:
            theirs = {desk.id for desk in desks if desk.serves(person)}
            if theirs & reached:
                mine |= theirs
                if not person.lengths:
                    return False
    return bool(reached)


def before(desks: Sequence[Receiving], line: Sequence[Waiting], me: Waiting) -> int:
    """How many of those ahead may be called by a desk that may call me."""
    mine = [desk for desk in desks if desk.serves(me)]
    ahead = [one for one in line if (one.rank, one.id) < (me.rank, me.id) and one.id != me.id]
    return sum(any(desk.serves(other) for desk in mine) for other in ahead)


def next_behind(desks: Sequence[Receiving], line: Sequence[Waiting], me: Waiting) -> list[Waiting]:
    """Those after me who may be called by a desk that may call me, in their order."""
    mine = [desk for desk in desks if desk.serves(me)]
    behind = [one for one in line if (one.rank, one.id) > (me.rank, me.id)]
    found = [one for one in behind if any(desk.serves(one) for desk in mine)]
    return sorted(found, key=lambda one: (one.rank, one.id))


def _range(starts: list[float]) -> WaitRange:
    starts.sort()
    low = starts[int(_LOW * len(starts))]
    high = starts[math.ceil(_HIGH * len(starts)) - 1]
    low_minutes = math.floor(low / ROUND_TO) * ROUND_TO
    return WaitRange(
        low_minutes, max(math.ceil(high / ROUND_TO) * ROUND_TO, low_minutes + ROUND_TO)
    )


def _play(
    desks: Sequence[Receiving], line: Sequence[Waiting], asking: Sequence[Waiting]
) -> dict[int, list[float]]:
    in_line = {person.id for person in line}
    people = sorted(line, key=lambda one: (one.rank, one.id))
    onlookers = [one for one in asking if one.id not in in_line]
    starts: dict[int, list[float]] = {one.id: [] for one in asking}
    for number in range(PLAYS):
        once = _Play(desks, people, onlookers, number)
        once.run()
        for who, at in once.starts.items():
            if who in starts:
                starts[who].append(at)
    return {who: found for who, found in starts.items() if found}


@lru_cache(maxsize=4096)
def _draws(place: int) -> tuple[int, ...]:
    """Which length somebody at this place has in each play: every length once."""
    order = list(range(PLAYS))
    Random(place).shuffle(order)  # noqa: S311 - no secret
    return tuple(order)


class _Play:
    """One possible future of the hall."""

    def __init__(
        self,
        desks: Sequence[Receiving],
        people: Sequence[Waiting],
        onlookers: Sequence[Waiting],
        number: int,
    ) -> None:
        self.number = number
        self.starts: dict[int, float] = {}
        self.lines: dict[int, list[tuple[float, int, int, Waiting]]] = {}
        self.onlookers = {desk.id: [o for o in onlookers if desk.serves(o)] for desk in desks}
        self.desks = {desk.id: desk for desk in desks}
        self.gone: set[tuple[int, int]] = set()  # who was taken, at which stop
        self.back: list[tuple[float, int, Waiting]] = []  # who will be in line again, and when
        self.free: list[tuple[float, int]] = []
        self.idle: set[int] = set()
        for desk in desks:
            self.lines[desk.id] = [
                (one.rank, one.id, place, one)
                for place, one in enumerate(people)
                if desk.serves(one)
            ]
            self.free.append((self._rest(desk), desk.id))
        heapq.heapify(self.free)

    def run(self) -> None:
        """Until nobody is in line any more."""
        for desk in self.desks.values():
            if desk.afterwards is not None:
                self._will_be_back(self._rest(desk), desk.afterwards, _DESKS + desk.id)
        while self.free:
            at, desk_id = heapq.heappop(self.free)
            while self.back and self.back[0][0] <= at:
                self._return(*self.back[0][1:])
                heapq.heappop(self.back)
            self._next(at, desk_id)

    def _next(self, at: float, desk_id: int) -> None:
        line = self.lines[desk_id]
        while line and (line[0][1], len(line[0][3].stops)) in self.gone:
            line.pop(0)
        first = line[0] if line else None
        for one in self.onlookers[desk_id]:
            if first is None or (one.rank, one.id) < first[:2]:
                self.starts.setdefault(one.id, at)
        if first is None:
            self._rest_or_watch(desk_id)
            return
        _rank, _id, place, person = line.pop(0)
        self.gone.add((person.id, len(person.stops)))
        self.starts.setdefault(person.id, at)
        takes = person.lengths[_draws(place)[self.number]] if person.lengths else 0.0
        heapq.heappush(self.free, (at + takes, desk_id))
        if person.onwards is not None:
            self._will_be_back(at + takes, person.onwards, place)

    def _rest_or_watch(self, desk_id: int) -> None:
        desk = self.desks[desk_id]
        expected = [at for at, _place, person in self.back if desk.serves(person)]
        if expected:
            heapq.heappush(self.free, (min(expected), desk_id))
        else:
            self.idle.add(desk_id)

    def _rest(self, desk: Receiving) -> float:
        return desk.rest[_draws(_DESKS + desk.id)[self.number]] if desk.rest else 0.0

    def _will_be_back(self, at: float, person: Waiting, place: int) -> None:
        # Their own draws, whoever else is in line: one more behind them changes nothing for them.
        heapq.heappush(self.back, (at, _ONWARDS + place, person))
        for desk_id in [one for one in self.idle if self.desks[one].serves(person)]:
            self.idle.discard(desk_id)
            heapq.heappush(self.free, (at, desk_id))

    def _return(self, place: int, person: Waiting) -> None:
        for desk in self.desks.values():
            if desk.serves(person):
                insort(self.lines[desk.id], (person.rank, person.id, place, person))
