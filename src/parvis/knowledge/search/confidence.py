"""Do we know, or do we only have something near? A small sum that can be explained.

The weights were fitted on questions written for the purpose (answerable, typed badly, off-topic,
nonsense); each signal is a number that a sentence can tell: "3 of 5 words are in the title".
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Protocol


class Wanted(Protocol):
    """A word of the question, which a text may say in other words."""

    def is_in(self, held: frozenset[str], /) -> bool: ...


@dataclass(frozen=True)
class Signals:
    """What the search noticed about its best sheets."""

    log_score: float  # of the best sheet
    share_in_first: float  # weight of the question's words that the best sheet has
    share_in_three: float  # the same over the best three
    title_share: float  # weight of the question's words in the best title
    title_count: float  # how many of them, up to four
    length: float  # telling words in the question, up to ten


WEIGHTS = Signals(2.07, 2.11, 1.85, 0.64, 1.27, 0.29)
USUAL = math.log(1000)
BIAS = -11.39
THRESHOLD = 0.44  # more than nine of ten answerable questions of the set are answered


def signals(
    question: Sequence[Wanted],
    *,
    weights: Sequence[float],
    scores: Sequence[float],
    texts: Sequence[frozenset[str]],
    title: frozenset[str],
    sheets: int,
) -> Signals:
    """The signals of one search: words of the question (each with its synonyms) and of the best."""
    # Rare words weigh more among many sheets than among few: one scale for every collection.
    best = scores[0] * USUAL / math.log(2 + sheets)
    three: frozenset[str] = frozenset().union(*texts[:3])
    return Signals(
        log_score=math.log1p(best),
        share_in_first=_share(question, weights, texts[0]),
        share_in_three=_share(question, weights, three),
        title_share=_share(question, weights, title),
        title_count=float(min(4, sum(word.is_in(title) for word in question))),
        length=float(min(10, len(question))),
    )


def _share(question: Sequence[Wanted], weights: Sequence[float], held: frozenset[str]) -> float:
    found = sum(w for word, w in zip(question, weights, strict=True) if word.is_in(held))
    return found / (sum(weights) or 1.0)


def probability(found: Signals) -> float:
    """How likely it is that the best sheets answer the question."""
    total = BIAS + sum(w * s for w, s in zip(astuple(WEIGHTS), astuple(found), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def is_answered(found: Signals) -> bool:
    """Whether to present the sheets as an answer, or only as the closest there are."""
    return probability(found) >= THRESHOLD
