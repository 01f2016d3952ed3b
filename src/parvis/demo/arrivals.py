"""When people come and how long they take: the random rules of the demo town, without database."""

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

HALF_HOUR: Final = 1800
MINUTE: Final = 60.0

# Weights of the half-hours of a day at the desk, from 8:30 and from 13:30 (busiest hour 17.5 %).
_MORNING = (0.055, 0.065, 0.075, 0.085, 0.09, 0.085, 0.07, 0.045)
_AFTERNOON = (0.06, 0.07, 0.075, 0.07, 0.06, 0.05, 0.03, 0.015)
_OTHER_HOURS = 0.02  # early, at lunch, Thursday evening
DESK_WEIGHTS: Final = {
    **{17 + slot: weight for slot, weight in enumerate(_MORNING)},
    **{27 + slot: weight for slot, weight in enumerate(_AFTERNOON)},
}
PHONE_WEIGHTS: Final = {
    slot: 0.09 if 19 <= slot < 23 or 28 <= slot < 32 else 0.04 for slot in range(17, 38)
}
EVENING_WEIGHTS: Final = {
    slot: 0.09 if 38 <= slot < 44 else 0.03 if slot >= 16 else 0.004 for slot in range(48)
}
MAIL_WEIGHTS: Final = dict.fromkeys(range(17, 35), 0.06)
POST_WEIGHTS: Final = dict.fromkeys(range(21, 35), 0.08)  # delivered at 10:30

_WEEKDAYS = (1.25, 0.98, 1.08, 1.0, 0.95)
_WEEKDAYS_MEAN = 1.052
_SATURDAY = 0.71  # of the open hours of a Saturday: 0.35 of a day
_MONTHS = (1.02, 0.95, 1.05, 1.08, 1.05, 1.15, 1.0, 0.68, 1.18, 1.02, 0.95, 0.87)
_DAY_AFTER_HOLIDAY = 1.2
_MANY: Final = 30

IMPATIENT_SHARE: Final = 0.3
PATIENCE: Final = 40 * MINUTE


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when a place is open, in seconds; ``wall`` is its local second of the day."""

    start: int
    end: int
    wall: int


def busyness(*, month: int, weekday: int, after_holiday: bool) -> float:
    """How busy a day is, compared with the mean of the year (month 1 to 12, Monday is 0)."""
    week = _SATURDAY if weekday == 5 else 1.0 if weekday == 6 else _WEEKDAYS[weekday]
    factor = _MONTHS[month - 1] * week / (1.0 if weekday >= 5 else _WEEKDAYS_MEAN)
    return factor * (_DAY_AFTER_HOLIDAY if after_holiday else 1.0)


def open_weight(stretches: Sequence[Stretch], weights: dict[int, float] = DESK_WEIGHTS) -> float:
    """How much of a usual day these hours are."""
    return sum(weight for _start, _end, weight in _pieces(stretches, weights))


def _pieces(
    stretches: Sequence[Stretch], weights: dict[int, float]
) -> list[tuple[int, int, float]]:
    pieces = []
    for stretch in stretches:
        at = stretch.start
        while at < stretch.end:
            wall = stretch.wall + at - stretch.start
            until = min(stretch.end, at + HALF_HOUR - wall % HALF_HOUR)
            weight = weights.get(wall // HALF_HOUR % 48, _OTHER_HOURS)
            pieces.append((at, until, weight * (until - at) / HALF_HOUR))
            at = until
    return pieces


def times(
    chance: Random,
    mean: float,
    stretches: Sequence[Stretch],
    weights: dict[int, float] = DESK_WEIGHTS,
) -> list[int]:
    """The instants at which people come on one day, in order; ``mean`` is the number expected."""
    pieces = _pieces(stretches, weights)
    if not pieces:
        return []
    bounds = list(accumulate(weight for _start, _end, weight in pieces))
    found = []
    for _one in range(poisson(chance, mean)):
        start, end, _weight = pieces[bisect(bounds, chance.random() * bounds[-1])]
        found.append(int(start + chance.random() * (end - start)))
    return sorted(found)


def poisson(chance: Random, mean: float) -> int:
    """How many, when each comes by chance and so many are expected."""
    if mean > _MANY:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def lognormal(chance: Random, mean: float, cv: float) -> float:
    """A duration with this mean and coefficient of variation."""
    variance = math.log(1 + cv * cv)
    return chance.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))


def patience(chance: Random) -> float:
    """How long somebody waits before leaving, in seconds; most people never leave."""
    if chance.random() < IMPATIENT_SHARE:
        return chance.expovariate(1 / PATIENCE)
    return math.inf


def within(total_cv: float, means: Sequence[tuple[float, float]]) -> float:
    """The variation left inside each topic, when their means (mean, weight) already differ."""
    weight = sum(share for _mean, share in means)
    centre = sum(mean * share for mean, share in means) / weight
    spread = sum((mean - centre) ** 2 * share for mean, share in means) / weight / centre**2
    return math.sqrt(max(0.04, (1 + total_cv**2) / (1 + spread) - 1))
