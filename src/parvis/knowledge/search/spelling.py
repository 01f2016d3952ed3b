"""Spelling repair without a dictionary: the nearest word that the sheets themselves use."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

import tantivy

_SHORTEST = 5  # shorter words have too many neighbours


class Speller:
    """Knows the stems of the public words of one generation of the index."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._frequencies: dict[str, int] = {}
        for name in ("title", "body"):
            for stem, count in searcher.terms_with_prefix(name, ""):
                self._frequencies[stem] = max(count, self._frequencies.get(stem, 0))
        self._in_titles = {stem for stem, _n in searcher.terms_with_prefix("title", "")}
        self._asked = {stem for stem, _n in searcher.terms_with_prefix("asked", "")}
        self._ordered = sorted(self._frequencies)
        self.repaired = lru_cache(maxsize=4096)(self._repaired)

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
