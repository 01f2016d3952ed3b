"""The signals of a search: what tells a sheet that answers from one that is only near."""

import math
from collections.abc import Sequence
from typing import Protocol

from parvis.knowledge.rules.confidence import Signals, probability, standard

__all__ = ["Signals", "is_answered", "probability", "signals", "standard"]
USUAL = math.log(1000)


class Wanted(Protocol):
    """A word of the question, which a text may say in other words."""

    @property
    def is_story(self) -> bool: ...

    @property
    def is_ours(self) -> bool: ...

    @property
    def usual(self) -> float: ...

    def is_in(self, held: frozenset[str], /) -> bool: ...


def signals(
    question: Sequence[Wanted],
    *,
    scores: Sequence[float],
    text: frozenset[str],
    title: frozenset[str],
    sheets: int,
) -> Signals:
    """The signals of one search: words of the question (each with its synonyms) and of the best."""
    telling = [word for word in question if not word.is_story] or list(question)
    many = len(telling)
    # Rare words weigh more among many sheets than among few: one scale for every collection.
    return Signals(
        score=math.log1p(sum(scores) / len(scores) * USUAL / math.log(2 + sheets)),
        usual=sum(word.usual for word in telling) / many,
        found=sum(word.is_in(text) for word in telling) / many,
        known=min(6, sum(word.is_ours for word in telling)) / 6,
        in_title=float(min(4, sum(word.is_in(title) for word in telling))),
        length=min(20, many) / 10,
    )


def is_answered(found: Signals) -> bool:
    """Whether to present the sheets as an answer, or only as the closest there are."""
    return probability(found) >= standard().answer
