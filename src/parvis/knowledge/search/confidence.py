"""Do we know, or do we only have something near? A small sum that can be explained.

The weights were fitted on questions written for the purpose (answerable, typed badly, off-topic,
nonsense, long letters about anything); each signal is a number that a sentence can tell: "3 of 5
words are in the title". What grows with the length of a question is set against it, so that a
letter is not an answer because it has many words.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Protocol


class Wanted(Protocol):
    """A word of the question, which a text may say in other words."""

    @property
    def is_story(self) -> bool: ...

    @property
    def is_ours(self) -> bool: ...

    def is_in(self, held: frozenset[str], /) -> bool: ...


@dataclass(frozen=True)
class Signals:
    """What the search noticed about its best sheet; words of everyday do not count."""

    log_score: float  # of the best sheet
    per_weight: float  # the same score, against the weight of what was asked
    weight_found: float  # share of the weight of the question's words that the sheet has
    words_found: float  # share of the words, rare or not
    ours: float  # share of the words that the title of any sheet has
    in_title: float  # how many of them the best title has, up to four
    length: float  # tens of telling words, up to two


WEIGHTS = Signals(4.32, -0.92, 1.37, 1.37, 2.40, 0.10, -1.84)
USUAL = math.log(1000)
BIAS = -14.35
THRESHOLD = 0.48  # more than nine of ten answerable questions of the set are answered


def signals(
    question: Sequence[Wanted],
    *,
    weights: Sequence[float],
    score: float,
    text: frozenset[str],
    title: frozenset[str],
    sheets: int,
) -> Signals:
    """The signals of one search: words of the question (each with its synonyms) and of the best."""
    pairs = list(zip(question, weights, strict=True))
    telling = [pair for pair in pairs if not pair[0].is_story] or pairs
    asked = sum(weight for _word, weight in telling) or 1.0
    found = [(word, weight) for word, weight in telling if word.is_in(text)]
    # Rare words weigh more among many sheets than among few: one scale for every collection.
    return Signals(
        log_score=math.log1p(score * USUAL / math.log(2 + sheets)),
        per_weight=min(3.0, score / asked),
        weight_found=sum(weight for _word, weight in found) / asked,
        words_found=len(found) / len(telling),
        ours=sum(word.is_ours for word, _weight in telling) / len(telling),
        in_title=float(min(4, sum(word.is_in(title) for word, _weight in telling))),
        length=min(20, len(telling)) / 10,
    )


def probability(found: Signals) -> float:
    """How likely it is that the best sheets answer the question."""
    total = BIAS + sum(w * s for w, s in zip(astuple(WEIGHTS), astuple(found), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def is_answered(found: Signals) -> bool:
    """Whether to present the sheets as an answer, or only as the closest there are."""
    return probability(found) >= THRESHOLD
