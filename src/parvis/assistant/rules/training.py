"""Weights of the decision, fitted on questions of which it is known what should come of them.

A logistic sum by iteratively reweighted least squares, in plain Python: six signals need no
library. A signal never counts against its sense (more words found never make us less sure), and an
authority with few questions stays near the weights that come with the program.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from parvis.assistant.rules.deciding import (
    ANSWERABLE,
    NO_SHEET,
    OFF_TOPIC,
    Case,
    point,
    threshold_for,
)
from parvis.knowledge.rules.confidence import AGAINST, NAMES, Signals, Weights, probability

LEAST_WITH, LEAST_WITHOUT = 30, 15  # questions with and without a sheet to learn from
ANSWERED = 0.9
AIMED = 0.93  # of the questions learnt from: of others a little less is answered
GROUP = 100.0  # each kind, short and long, counts as so many questions
COUNTS = {ANSWERABLE: 1.0, OFF_TOPIC: 1.0, NO_SHEET: 0.25}
NOT_FOUND = 0.6  # a question whose sheet is not among the first three teaches less
NEAR_PRIOR = 40.0  # how firmly an authority's own weights stay near the given ones
NEAR_BIAS = 4.0  # the same for the level of all probabilities
LOOSE = 1.0
ROUNDS = 30
CLOSE = 0.99  # of the questions with a sheet get at least the closest ones
_SURE = 30.0


@dataclass(frozen=True)
class Example:
    """A question with its signals; without signals no sheet knows one of its words."""

    signals: Signals | None
    kind: str  # answerable, no_sheet or off_topic
    is_found: bool = False
    is_long: bool = False


@dataclass(frozen=True)
class Quality:
    """How well weights tell questions apart, with nine of ten questions with a sheet answered."""

    loss: float  # the smaller, the better the probabilities
    short_off_topic: float | None  # answered
    long_off_topic: float | None
    no_sheet: float | None
    right: float | None

    def as_data(self) -> dict[str, float | None]:
        """As it is written down."""
        return {
            name: None if value is None else round(value, 4) for name, value in vars(self).items()
        }


def cases(examples: Sequence[Example], using: Weights) -> list[Case]:
    """What these weights say of each question."""
    return [
        Case(
            e.kind,
            probability(e.signals, using) if e.signals else 0.0,
            is_found=e.is_found,
            is_long=e.is_long,
        )
        for e in examples
    ]


def quality(examples: Sequence[Example], using: Weights) -> Quality:
    """How well these weights do on questions, best those that they were not fitted on."""
    told = cases(examples, using)
    least = threshold_for(told, ANSWERED)
    counts = _counts(examples)
    total = sum(counts) or 1.0
    loss = sum(
        count * -math.log(max(1e-9, c.probability if c.kind == ANSWERABLE else 1 - c.probability))
        for count, c in zip(counts, told, strict=True)
    )
    at = point(told, least)
    return Quality(
        loss / total,
        short_off_topic=point([c for c in told if not c.is_long], least).off_topic,
        long_off_topic=point([c for c in told if c.is_long], least).off_topic,
        no_sheet=at.no_sheet,
        right=at.right,
    )


def is_better(before: Quality, after: Quality) -> bool:
    """Better probabilities, and not one more question about something else answered."""
    worse = [
        (now or 0) > (was or 0)
        for was, now in (
            (before.short_off_topic, after.short_off_topic),
            (before.long_off_topic, after.long_off_topic),
        )
    ]
    return after.loss < before.loss - 0.001 and not any(worse)


def is_enough(examples: Sequence[Example]) -> bool:
    """Whether there is something to learn from."""
    with_sheet = sum(e.kind == ANSWERABLE and e.signals is not None for e in examples)
    without = sum(e.kind != ANSWERABLE for e in examples)
    return with_sheet >= LEAST_WITH and without >= LEAST_WITHOUT


def fit(
    examples: Sequence[Example], *, near: Weights | None = None, answered: float = AIMED
) -> Weights:
    """The weights that tell these questions apart, near the given ones if there are any."""
    counted = zip(examples, _counts(examples, most=1.0 if near else GROUP), strict=True)
    given = [(e, count) for e, count in counted if e.signals]
    rows = [[1.0, *vars(e.signals).values()] for e, _count in given]
    wanted = [float(e.kind == ANSWERABLE) for e, _count in given]
    counts = [count for _example, count in given]
    start = [near.bias, *vars(near.signals).values()] if near else [0.0] * (len(NAMES) + 1)
    firmness = NEAR_PRIOR if near else LOOSE
    dropped: set[int] = set()
    while True:
        found = _fitted(rows, wanted, counts, start=start, firmness=firmness, dropped=dropped)
        wrong = {n for n, name in enumerate(NAMES, 1) if _is_wrong(name, found[n])} - dropped
        if not wrong:
            break
        dropped |= wrong
    fitted = Weights(found[0], Signals(*found[1:]))
    told = cases(examples, fitted)
    least = min(0.95, max(0.05, threshold_for(told, answered)))
    return replace(fitted, answer=least, close=min(least, threshold_for(told, CLOSE)))


def _is_wrong(name: str, weight: float) -> bool:
    return weight > 0 if name in AGAINST else weight < 0


def _counts(examples: Sequence[Example], *, most: float = GROUP) -> list[float]:
    """Short and long, with and without a sheet: each group counts the same, however many.

    Near given weights a question counts once at most: few questions change little.
    """
    many: dict[tuple[str, bool], int] = {}
    for e in examples:
        many[e.kind, e.is_long] = many.get((e.kind, e.is_long), 0) + 1
    return [
        COUNTS[e.kind] * min(most, GROUP / many[e.kind, e.is_long])
        * (NOT_FOUND if e.kind == ANSWERABLE and not e.is_found else 1.0)
        for e in examples
    ]  # fmt: skip


def _fitted(
    rows: Sequence[Sequence[float]],
    wanted: Sequence[float],
    counts: Sequence[float],
    *,
    start: Sequence[float],
    firmness: float,
    dropped: Collection[int],
) -> list[float]:
    """Newton's steps towards the weights, held near the start by the spread of each signal."""
    size = len(start)
    held = [NEAR_BIAS if firmness > LOOSE else 0.0] + [
        firmness * _spread([row[n] for row in rows]) for n in range(1, size)
    ]
    found = [0.0 if n in dropped else value for n, value in enumerate(start)]
    free = [n for n in range(size) if n not in dropped]
    for _round in range(ROUNDS):
        slope = [held[n] * (start[n] - found[n]) for n in range(size)]
        bend = [[held[n] if n == m else 0.0 for m in range(size)] for n in range(size)]
        for row, label, count in zip(rows, wanted, counts, strict=True):
            total = sum(value * weight for value, weight in zip(row, found, strict=True))
            sure = 1 / (1 + math.exp(-max(-_SURE, min(_SURE, total))))
            for n in free:
                slope[n] += count * (label - sure) * row[n]
                for m in free:
                    bend[n][m] += count * sure * (1 - sure) * row[n] * row[m]
        step = _solved([[bend[n][m] for m in free] for n in free], [slope[n] for n in free])
        for n, move in zip(free, step, strict=True):
            found[n] += move
        if max(map(abs, step), default=0.0) < 1e-6:
            break
    return found


def _spread(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / len(values)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small linear system, by elimination."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for n in range(size):
        best = max(range(n, size), key=lambda m: abs(rows[m][n]))
        rows[n], rows[best] = rows[best], rows[n]
        pivot = rows[n][n] or 1e-12
        for m in range(size):
            if m != n:
                factor = rows[m][n] / pivot
                rows[m] = [a - factor * b for a, b in zip(rows[m], rows[n], strict=True)]
    return [rows[n][size] / (rows[n][n] or 1e-12) for n in range(size)]
