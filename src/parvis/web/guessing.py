"""Which topic somebody means: by the letters typed, other words for it, and what is going on.

Plain rules over a few hundred words held in memory: each guess says why it is shown.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from parvis.knowledge.search.spelling import distance
from parvis.knowledge.search.synonyms import synonyms
from parvis.knowledge.search.words import folded, question_stems, stem, telling_stems

# How much a word says about a topic, by where it stands.
NAME, OTHER_WORD, SHEET_TITLE, FAMILY = 1.0, 0.8, 0.6, 0.3
WHOLE, START, TYPO, SYNONYM = 1.0, 0.85, 0.7, 0.6  # how well a typed word fits a known one
ENOUGH: Final = 0.2  # of what was typed must be understood
NEAR: Final = 0.4  # of the best guess, to be shown beside it
RECENT, KNOWN = 0.2, 0.25  # at most added by what is going on, and by who it is
UNKNOWN = 0.6  # what a word counts that no topic has: people also tell their story
SHORTEST_TYPO: Final = 4
LONG: Final = 8  # words of so many letters may hold two slips


class Why(StrEnum):
    """What speaks for a topic."""

    LETTERS = "letters"
    TYPO = "typo"
    WORDS = "words"
    RECENT = "recent"
    PERSON = "person"


@dataclass(frozen=True)
class Described:
    """A topic with the words that mean it."""

    id: int
    names: Sequence[str]
    family: str = ""
    other_words: Sequence[str] = ()
    sheet_titles: Sequence[str] = ()


@dataclass(frozen=True)
class Around:
    """What is going on: asked at this desk lately, by topic; and the visitor's last topics."""

    recent: Mapping[int, int] = field(default_factory=dict)
    person: Collection[int] = ()


@dataclass(frozen=True)
class Guess:
    """A topic, how sure, and the reason that is shown: a word of its own, or a count."""

    topic_id: int
    score: float
    why: Why
    word: str = ""
    count: int = 0


@dataclass(frozen=True)
class _Fit:
    word: str  # as it stands in the description
    quality: float
    why: Why


class Vocabulary:
    """The words of the topics of one hall, ready to be looked up while somebody types."""

    def __init__(self, topics: Iterable[Described]) -> None:
        self.weights: dict[str, dict[int, float]] = defaultdict(dict)
        self.shown: dict[str, str] = {}
        self.plain: dict[str, str] = {}  # folded word -> its stem
        count = 0
        for topic in topics:
            count += 1
            self._learn(topic.id, NAME, topic.names)
            self._learn(topic.id, OTHER_WORD, topic.other_words)
            self._learn(topic.id, SHEET_TITLE, topic.sheet_titles)
            self._learn(topic.id, FAMILY, [topic.family])
        # A word of many topics says little about any of them.
        self.rarity = {
            word: math.log(1 + count / len(topics)) for word, topics in self.weights.items()
        }

    def _learn(self, topic_id: int, weight: float, texts: Iterable[str]) -> None:
        for text in texts:
            for word in text.replace("’", " ").replace("'", " ").split():
                for known in telling_stems(word):
                    topics = self.weights[known]
                    topics[topic_id] = max(weight, topics.get(topic_id, 0.0))
                    self.shown.setdefault(known, word.strip(".,:;()«»\u00a0").lower())
                    self.plain.setdefault(folded(word.strip(".,:;()«»\u00a0")), known)

    def fits(self, typed: str, *, is_last: bool) -> list[_Fit]:
        """The known words that one typed word may be."""
        root = stem(typed)
        found = [_Fit(w, WHOLE, Why.LETTERS) for w in {typed, root} if w in self.weights]
        if is_last or not found:
            found += [
                _Fit(known, START, Why.LETTERS)
                for word, known in self.plain.items()
                if len(typed) > 1 and word.startswith(typed) and known != typed
            ]
        found += [
            _Fit(w, SYNONYM, Why.WORDS) for w in synonyms().get(root, ()) if w in self.weights
        ]
        if not found and len(typed) >= SHORTEST_TYPO:
            found = self._slips(typed)
        return found

    def _slips(self, typed: str) -> list[_Fit]:
        allowed = 2 if len(typed) >= LONG else 1
        near = []
        for word, known in self.plain.items():
            # The first letter is nearly always right; else it was swapped with the second.
            if word[:1] not in typed[:2]:
                continue
            if min(abs(len(word) - len(typed)), abs(len(known) - len(typed))) > allowed:
                continue
            far = min(distance(typed, word, allowed), distance(typed, known, allowed))
            if far <= allowed:
                near.append((far, _Fit(known, TYPO, Why.TYPO)))
        least = min((far for far, _fit in near), default=0)
        return [fit for far, fit in near if far == least]


def guess(
    typed: str, vocabulary: Vocabulary, around: Around | None = None, *, limit: int = 6
) -> list[Guess]:
    """The topics that the words may mean, likeliest first; without words, what is going on."""
    around = around or Around()
    if not typed.strip():
        return _without_words(around, limit)
    scores, reasons = _read(typed, vocabulary)
    least = max(ENOUGH, NEAR * max(scores.values(), default=0.0))
    found = []
    for topic_id, score in scores.items():
        if score < least:
            continue
        fit = reasons[topic_id]
        bonus = _bonus(topic_id, around)
        word = vocabulary.shown.get(fit.word, fit.word)
        found.append(Guess(topic_id, round(score + bonus, 4), fit.why, word))
    return sorted(found, key=lambda one: (-one.score, one.topic_id))[:limit]


def _read(typed: str, vocabulary: Vocabulary) -> tuple[dict[int, float], dict[int, _Fit]]:
    """For each topic the share of what was typed that it explains, and its best word."""
    words = _typed_stems(typed)
    got: dict[int, float] = defaultdict(float)
    best: dict[int, tuple[float, _Fit]] = {}
    whole = 0.0
    for place, word in enumerate(words):
        fits = vocabulary.fits(word, is_last=place == len(words) - 1)
        whole += max((vocabulary.rarity[fit.word] for fit in fits), default=UNKNOWN)
        for topic_id, (value, fit) in _by_topic(fits, vocabulary).items():
            got[topic_id] += value
            if value > best.get(topic_id, (0.0, fit))[0]:
                best[topic_id] = (value, fit)
    scores = {topic_id: value / (whole or 1.0) for topic_id, value in got.items()}
    return scores, {topic_id: fit for topic_id, (_value, fit) in best.items()}


def _by_topic(fits: Iterable[_Fit], vocabulary: Vocabulary) -> dict[int, tuple[float, _Fit]]:
    best: dict[int, tuple[float, _Fit]] = {}
    for fit in fits:
        for topic_id, weight in vocabulary.weights[fit.word].items():
            value = weight * fit.quality * vocabulary.rarity[fit.word]
            if value > best.get(topic_id, (0.0, fit))[0]:
                best[topic_id] = (value, fit)
    return best


def _typed_stems(typed: str) -> list[str]:
    words = typed.replace("’", " ").replace("'", " ").split()
    *before, last = words
    # The last word is not finished: its letters count as they are.
    known = question_stems(" ".join(before)) if before else []
    return [*known, *([folded(last)] if not before or telling_stems(last) else [])]


def _bonus(topic_id: int, around: Around) -> float:
    total = sum(around.recent.values())
    lately = RECENT * around.recent.get(topic_id, 0) / total if total else 0.0
    return lately + (KNOWN if topic_id in around.person else 0.0)


def _without_words(around: Around, limit: int) -> list[Guess]:
    person = [Guess(topic_id, 1.0, Why.PERSON) for topic_id in around.person]
    lately = sorted(around.recent.items(), key=lambda pair: (-pair[1], pair[0]))
    recent = [Guess(pk, 0.5, Why.RECENT, count=n) for pk, n in lately if pk not in around.person]
    return [*person, *recent][:limit]
