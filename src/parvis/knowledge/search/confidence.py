"""Do we know, or do we only have something near? A small sum that can be explained.

The weights were fitted on questions written for the purpose (answerable, typed badly, off-topic,
nonsense); each signal is a number that a sentence can tell: "3 of 5 words are in the title".
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Signals:
    """What the search noticed about its best sheets."""

    log_score: float  # of the best sheet
    score_per_term: float
    share_in_first: float  # weight of the question's words that the best sheet has
    share_in_three: float  # the same over the best three
    gap: float  # how far the second is behind, as a share
    title_share: float  # weight of the question's words in the best title
    title_count: float  # how many of them, up to four
    known_share: float  # words of the question that any sheet knows
    length: float  # telling words in the question, up to ten


WEIGHTS = Signals(2.38, 0.078, 1.517, 2.38, -1.673, 0.285, 0.936, 0.289, 0.572)
BIAS = -12.526
THRESHOLD = 0.61  # nine of ten answerable questions of the set are answered


def signals(
    question: Sequence[frozenset[str]],
    *,
    weights: Sequence[float],
    known: Sequence[float],
    scores: Sequence[float],
    texts: Sequence[frozenset[str]],
    title: frozenset[str],
) -> Signals:
    """The signals of one search: words of the question (each with its synonyms) and of the best."""
    best = scores[0]
    three: frozenset[str] = frozenset().union(*texts[:3])
    return Signals(
        log_score=math.log1p(best),
        score_per_term=best / len(question),
        share_in_first=_share(question, weights, texts[0]),
        share_in_three=_share(question, weights, three),
        gap=(best - scores[1]) / best if len(scores) > 1 and best else 1.0,
        title_share=_share(question, weights, title),
        title_count=float(min(4, sum(bool(word & title) for word in question))),
        known_share=sum(known) / len(known),
        length=float(min(10, len(question))),
    )


def _share(
    question: Sequence[frozenset[str]], weights: Sequence[float], held: frozenset[str]
) -> float:
    found = sum(w for word, w in zip(question, weights, strict=True) if word & held)
    return found / (sum(weights) or 1.0)


def probability(found: Signals) -> float:
    """How likely it is that the best sheets answer the question."""
    total = BIAS + sum(w * s for w, s in zip(astuple(WEIGHTS), astuple(found), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def is_answered(found: Signals) -> bool:
    """Whether to present the sheets as an answer, or only as the closest there are."""
    return probability(found) >= THRESHOLD
