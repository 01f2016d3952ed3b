"""What people say, and what sheets say instead: tried as well, at a lower weight.

A table of our own comes with the program (``said.txt``); the editors of an authority add theirs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

from parvis.knowledge.search.words import SMALL_STEMS, stems, telling_stems

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Sayings:
    """Words and groups of words, by their stems, with what sheets say instead."""

    words: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    groups: tuple[tuple[frozenset[str], tuple[Phrase, ...]], ...] = ()

    @cached_property
    def said(self) -> frozenset[str]:
        """Every word that people say here, alone or in a group."""
        return frozenset(self.words).union(*(group for group, _written in self.groups))

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        """Each group under its word that the fewest groups have: few are tried for a sentence."""
        counts = Counter(word for group, _written in self.groups for word in group)
        found: dict[str, list[int]] = {}
        for place, (group, _written) in enumerate(self.groups):
            found.setdefault(min(group, key=lambda word: (counts[word], word)), []).append(place)
        return found

    def groups_in(self, said: frozenset[str]) -> list[tuple[Phrase, ...]]:
        """What sheets say for each group of words that is said here as a whole."""
        places = sorted(place for word in said for place in self._by_word.get(word, ()))
        return [self.groups[place][1] for place in places if self.groups[place][0] <= said]


def sayings(lines: Iterable[tuple[str, str]]) -> Sayings:
    """Read pairs of what is said (groups parted by |) and what is written (parted by commas)."""
    words: dict[str, dict[Phrase, None]] = {}
    groups: dict[frozenset[str], dict[Phrase, None]] = {}
    for said, written in lines:
        phrases = [tuple(telling_stems(part)) for part in written.split(",")]
        for group in said.split("|"):
            found = _telling(group)
            others = dict.fromkeys(p for p in phrases if p and p != found)
            if len(found) == 1:
                words.setdefault(found[0], {}).update(others)
            elif found:
                groups.setdefault(frozenset(found), {}).update(others)
    return Sayings(
        {word: tuple(others) for word, others in words.items() if others},
        tuple((group, tuple(others)) for group, others in groups.items() if others),
    )


def _telling(group: str) -> Phrase:
    found = stems(group)
    return tuple(dict.fromkeys(s for s in found if s not in SMALL_STEMS)) or tuple(found)


def joined(first: Sayings, second: Sayings) -> Sayings:
    """Both tables as one; what both have is said by the second first."""
    words = dict(first.words)
    for word, others in second.words.items():
        words[word] = tuple(dict.fromkeys([*others, *words.get(word, ())]))
    return Sayings(words, (*second.groups, *first.groups))


@cache
def built_in() -> Sayings:
    """The table that comes with the program."""
    table = files(__package__).joinpath("said.txt").read_text(encoding="utf-8")
    rows = [line.partition(" = ") for line in table.splitlines() if not line.startswith("#")]
    return sayings((said, written) for said, sign, written in rows if sign)


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """For the stem of one word that people say, the stems that sheets use instead."""
    return {
        said: tuple(dict.fromkeys(s for phrase in written for s in phrase if s != said))
        for said, written in built_in().words.items()
    }
