"""Spelling repair without a dictionary: the nearest word that the sheets themselves use."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

import tantivy

from parvis.knowledge.search.words import SMALL_STEMS, WORD, stem

_SHORTEST = 5  # shorter words have too many neighbours
_OFTEN = 5  # what was left out is put back where that makes a word so much more usual
# With its accent "identité" loses another ending than "identite" does: they have no stem in common.
_BARE_END = re.compile(r"e(?=(?:es?|s)?$)", re.IGNORECASE)
_GRAVE_END = re.compile(r"es$", re.IGNORECASE)
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)(?=[aeiouyhàâéèêëîïôùû])(\w{3,})", re.IGNORECASE)


class Speller:
    """Knows the stems of the public words of one generation of the index."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._frequencies: dict[str, int] = {}
        for name in ("title", "body"):
            for one, count in searcher.terms_with_prefix(name, ""):
                self._frequencies[one] = max(count, self._frequencies.get(one, 0))
        self._in_titles = {one for one, _n in searcher.terms_with_prefix("title", "")}
        self._asked = {one for one, _n in searcher.terms_with_prefix("asked", "")}
        self._ordered = sorted(self._frequencies)
        self.repaired = lru_cache(maxsize=4096)(self._repaired)
        self._complete = lru_cache(maxsize=4096)(self._completed)

    def frequency(self, stem: str) -> int:
        """In how many sheets the public text or title has this stem."""
        return self._frequencies.get(stem, 0)

    def is_in_titles(self, stem: str) -> bool:
        """Whether some public sheet has this stem in its title: a word of our field."""
        return stem in self._in_titles

    def is_asked(self, stem: str) -> bool:
        """Whether people ask with this stem, though no sheet may have it: it is no mistake."""
        return stem in self._asked

    def prefixed(self, start: str, limit: int = 12) -> list[str]:
        """The commonest stems that begin like this."""
        return sorted(self._starting(start), key=lambda s: (-self.frequency(s), s))[:limit]

    def completed(self, text: str) -> str:
        """The text with the accents and apostrophes that were left out: "carte didentite"."""
        return WORD.sub(lambda found: self._complete(found[0]), text)

    def _completed(self, word: str) -> str:
        own = stem(word)
        if len(word) < _SHORTEST - 1 or own in SMALL_STEMS or word.isdigit():
            return word
        enough = _OFTEN * self.frequency(own)
        for other in (*_accented(word), *_without_elision(word)):
            if self.frequency(stem(other)) > enough:
                return other
        return word

    def _repaired(self, stem: str) -> str:
        """The stem itself when it is known or has no neighbour, else the commonest neighbour."""
        if len(stem) < _SHORTEST or stem.isdigit() or self.frequency(stem):
            return stem
        allowed = 1 if len(stem) < 8 else 2
        near = []
        # The first letter is nearly always right; else it was swapped with the second, or left out.
        for start in {stem[0], stem[1] + stem[0]}:
            for other in self._starting(start):
                if abs(len(other) - len(stem)) <= allowed:
                    far = distance(stem, other, allowed)
                    if far <= allowed:
                        near.append((far, -self.frequency(other), other))
        return min(near)[2] if near else stem

    def _starting(self, start: str) -> Iterator[str]:
        place = bisect_left(self._ordered, start)
        while place < len(self._ordered) and self._ordered[place].startswith(start):
            yield self._ordered[place]
            place += 1


def _accented(word: str) -> Iterator[str]:
    if word.isascii():
        yield _BARE_END.sub("é", word, count=1)
        yield _GRAVE_END.sub("ès", word)


def _without_elision(word: str) -> Iterator[str]:
    if elided := _ELIDED.fullmatch(word):
        yield elided[1]
        yield from _accented(elided[1])


def distance(one: str, other: str, limit: int) -> int:
    """Letters to change, add, drop or swap; anything above the limit is limit + 1."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i] + [0] * len(other)
        for j, wanted in enumerate(other, start=1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return last[-1]
