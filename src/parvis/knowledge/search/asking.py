"""A question as the index understands it: repaired and widened."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parvis.knowledge.search import letters
from parvis.knowledge.search.spelling import Speller
from parvis.knowledge.search.synonyms import Phrase, Sayings
from parvis.knowledge.search.words import (
    WORD,
    everyday_stems,
    folded,
    question_stems,
    telling_stems,
)
from parvis.knowledge.search.words import stem as stem_of

MOST_TERMS = 80
LETTER = 8  # a question of more telling words tells a story around what it asks
STORY_WEIGHT = 0.5
MANY = 9  # a word that one sheet in so many has is as usual as a word can be
SAID = 0.7  # a word that sheets say otherwise is usual, if not as usual as their own
LONGEST_NAME = 5  # words of a title or a keyword
GROWING = 3  # a question of so few words may still be being typed


@dataclass(frozen=True)
class Concept:
    """One word of the question, and what sheets may say instead of it."""

    stem: str
    others: tuple[Phrase, ...] = ()
    weight: float = 1.0  # less for the words of a story
    is_story: bool = False  # a word of everyday, whatever the letter is about
    is_ours: bool = False  # the title of some sheet has it, or a word that sheets say instead
    usual: float = 0.0  # from 0, no sheet has it, to 1, many have it, or say it in other words

    def is_in(self, held: frozenset[str]) -> bool:
        """Whether a text with these stems says it, in these or in other words."""
        return self.stem in held or any(held.issuperset(phrase) for phrase in self.others)


@dataclass(frozen=True)
class Asked:
    """A question ready to be looked up."""

    concepts: Sequence[Concept] = ()
    groups: Sequence[tuple[Phrase, ...]] = ()  # for several words said together
    pairs: Sequence[str] = ()  # words that follow one another
    name: str = ""  # all of it as one term, if it is as short as the name of something
    prefix: str = ""  # the last word, if it may still be growing
    endings: Sequence[str] = ()  # stems that begin like it
    weights: dict[str, float] = field(default_factory=dict)

    @property
    def stems(self) -> list[str]:
        """The words of the question, repaired."""
        return [concept.stem for concept in self.concepts]

    @property
    def marked(self) -> list[str]:
        """The stems to be shown as found: those asked, and what sheets say instead."""
        said = [s for concept in self.concepts for phrase in concept.others for s in phrase]
        said += [s for others in self.groups for phrase in others for s in phrase]
        return [*self.stems, *self.endings, *said]


def understood(question: str, speller: Speller, sayings: Sayings, total: int) -> Asked:
    """Read a question with the words that the sheets and the editors know."""
    bare = letters.bare(question)
    if not telling_stems(bare):
        bare = question
    bare = speller.completed(bare)
    typed = question_stems(bare)[:MOST_TERMS]
    if not typed:
        return Asked()
    prefix = _growing(bare, typed)
    endings = speller.prefixed(folded(prefix)) if prefix else []
    right = sayings.said | everyday_stems()  # words of people, not mistakes
    repaired = {t: t if t in right or speller.is_asked(t) else speller.repaired(t) for t in typed}
    if endings and not speller.frequency(typed[-1]):
        repaired[typed[-1]] = endings[0]  # not a mistake: a word that is not finished
    sentences = [
        [repaired[s] for s in telling_stems(sentence) or question_stems(sentence) if s in repaired]
        for sentence in letters.sentences(bare)
    ]
    stems = list(dict.fromkeys(repaired.values()))
    asked = Asked(
        concepts=[_concept(stem, stems, _Words(speller, sayings, total)) for stem in stems],
        groups=_groups(sentences, speller, sayings),
        pairs=list(dict.fromkeys(pair for said in sentences for pair in paired(said))),
        name="_".join(stems) if len(stems) <= LONGEST_NAME else "",
        prefix=prefix,
        endings=[ending for ending in endings if ending not in stems],
    )
    for stem in asked.marked:
        frequency = speller.frequency(stem)
        asked.weights[stem] = math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
    for concept in asked.concepts:
        asked.weights[concept.stem] *= concept.weight
    return asked


def _groups(
    sentences: Sequence[Sequence[str]], speller: Speller, sayings: Sayings
) -> list[tuple[Phrase, ...]]:
    """What sheets say for the words said together in a sentence, each once."""
    found: dict[tuple[Phrase, ...], None] = {}
    for said in sentences:
        for others in sayings.groups_in(frozenset(said)):
            if known := _known_phrases(others, speller):
                found[known] = None
    return list(found)


@dataclass(frozen=True)
class _Words:
    """What a word of a question is compared with."""

    speller: Speller
    sayings: Sayings
    total: int

    def usual(self, stem: str) -> float:
        """How usual a word is here, on a scale that is the same for every collection."""
        many = math.log1p(max(3.0, self.total / MANY))
        return min(1.0, math.log1p(self.speller.frequency(stem)) / many)


def _concept(stem: str, asked: Sequence[str], words: _Words) -> Concept:
    """Rare in sheets is not telling: in a letter the words of everyday weigh less."""
    others = _others(stem, asked, words.speller, words.sayings)
    is_story = stem in everyday_stems() and not others
    return Concept(
        stem,
        others,
        weight=STORY_WEIGHT if is_story and len(asked) > LETTER else 1.0,
        is_story=is_story,
        is_ours=bool(others) or words.speller.is_in_titles(stem),
        usual=max(SAID, words.usual(stem)) if others else words.usual(stem),
    )


def _others(
    stem: str, asked: Collection[str], speller: Speller, sayings: Sayings
) -> tuple[Phrase, ...]:
    written = sayings.words.get(stem, ())
    wanted = tuple(phrase for phrase in written if not all(s in asked for s in phrase))
    return _known_phrases(wanted, speller)


def _known_phrases(phrases: Sequence[Phrase], speller: Speller) -> tuple[Phrase, ...]:
    known = (tuple(s for s in phrase if speller.frequency(s)) for phrase in phrases)
    return tuple(phrase for phrase in known if phrase)


def paired(stems: Sequence[str]) -> list[str]:
    """Each two neighbours of a text as one term."""
    return [f"{one}_{other}" for one, other in pairwise(stems)]


def _growing(question: str, typed: Sequence[str]) -> str:
    """The last word, while the question is short enough to be one that is still being typed."""
    last = WORD.findall(question)[-1:] if question[-1:].isalnum() else []
    is_telling = bool(last and typed) and stem_of(last[0]) == typed[-1]
    return last[0] if is_telling and len(typed) <= GROWING and len(last[0]) > 1 else ""
