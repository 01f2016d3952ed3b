"""Spelling repair without a dictionary: the nearest word that the sheets themselves use."""

from functools import lru_cache

import tantivy

_SHORTEST = 5  # shorter words have too many neighbours


class Speller:
    """Knows the stems of one generation of the index."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self.repaired = lru_cache(maxsize=4096)(self._repaired)

    def frequency(self, stem: str) -> int:
        """In how many sheets the public text or title has this stem."""
        return max(
            int(self._searcher.doc_freq("body", stem)), int(self._searcher.doc_freq("title", stem))
        )

    def prefixed(self, start: str, limit: int = 12) -> list[str]:
        """The commonest stems that begin like this."""
        found = self._starting(start)
        return sorted(found, key=lambda stem: (-self.frequency(stem), stem))[:limit]

    def _repaired(self, stem: str) -> str:
        """The stem itself when it is known or has no neighbour, else the commonest neighbour."""
        if len(stem) < _SHORTEST or stem.isdigit() or self.frequency(stem):
            return stem
        allowed = 1 if len(stem) < 8 else 2
        candidates: dict[str, int] = {}
        # The first letter is nearly always right; else it was swapped with the second, or doubled.
        for start in (stem[0], stem[1] + stem[0], stem[1:3]):
            for other in self._starting(start):
                if other not in candidates and abs(len(other) - len(stem)) <= allowed:
                    candidates[other] = distance(stem, other, allowed)
        near = [
            (d, -self.frequency(other), other) for other, d in candidates.items() if d <= allowed
        ]
        return min(near)[2] if near else stem

    def _starting(self, start: str) -> list[str]:
        found = {
            *self._searcher.terms_with_prefix("title", start),
            *self._searcher.terms_with_prefix("body", start),
        }
        return sorted(found)


def distance(one: str, other: str, limit: int) -> int:
    """Letters to change, add, drop or swap; anything above the limit is limit + 1."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i] + [0] * len(other)
        for j, wanted in enumerate(other, start=1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted
            if swapped:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return last[-1]
