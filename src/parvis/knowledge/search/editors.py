"""What the editors of an authority add to the search: words for words, and sheets set first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from parvis.knowledge import queries
from parvis.knowledge.search.synonyms import Sayings, built_in, joined, sayings
from parvis.knowledge.search.words import stems


@dataclass(frozen=True)
class Editors:
    """The words of the program and of the editors, and the pins, ready for the search."""

    sayings: Sayings
    pins: Sequence[tuple[frozenset[str], int]] = ()

    def pinned(self, question: str) -> list[int]:
        """The sheets set first for this question: every word of the pin is said."""
        if not self.pins:
            return []
        said = frozenset(stems(question))
        return [sheet for words, sheet in self.pins if words and words <= said]


def editors(synonyms: Sequence[tuple[str, str]], pins: Sequence[tuple[str, int]] = ()) -> Editors:
    """The words and pins given, together with those of the program."""
    said = joined(built_in(), sayings(synonyms)) if synonyms else built_in()
    return Editors(said, [(frozenset(stems(words)), sheet) for words, sheet in pins])


@lru_cache(maxsize=64)
def editors_of(authority_id: int, number: int) -> Editors:
    """What is in force for an authority at this number of the collection."""
    return editors(queries.synonym_pairs(authority_id), queries.pin_pairs(authority_id))
