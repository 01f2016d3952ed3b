"""The texts of sheets cut into sentences and stems, kept for the next question."""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from parvis.knowledge import queries
from parvis.knowledge.search.words import WORD, stem

KEPT = 1000
LONGEST = 15_000  # letters kept of a text: a quote from further down is not worth the wait
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")
Key = tuple[int, str, str, bool]  # version, its words, who reads it otherwise, with what is inside


@dataclass(frozen=True)
class Reading:
    """One text, sentence by sentence; addresses are left out: they answer nothing."""

    sentences: tuple[str, ...]
    stems: tuple[frozenset[str], ...]

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """Every stem of the text."""
        return frozenset().union(*self.stems)


NOTHING = Reading((), ())


def read(text: str) -> Reading:
    """Cut a text."""
    sentences = tuple(
        s.strip() for s in _SENTENCE.split(text[:LONGEST]) if s.strip() and "://" not in s
    )
    return Reading(
        sentences,
        tuple(frozenset(map(stem, WORD.findall(s))) for s in sentences),
    )


_kept: OrderedDict[Key, Reading] = OrderedDict()
_lock = Lock()


def readings(
    versions: Iterable[tuple[int, str, str]], *, authority_id: int, inside: bool
) -> dict[int, Reading]:
    """The texts of these versions (with the hash of their words, and the mark of who reads them
    otherwise), those not kept in one query."""
    wanted: list[Key] = [(pk, words, mark, inside) for pk, words, mark in versions]
    with _lock:
        found = {key: _kept[key] for key in wanted if key in _kept}
    missing = {key[0]: key for key in wanted if key not in found}
    plain = [pk for pk, key in missing.items() if not key[2]]
    others = [pk for pk, key in missing.items() if key[2]]
    for pk, text in (
        *queries.version_texts(plain, inside=inside),
        *queries.texts_as_read(authority_id, others, inside=inside),
    ):
        found[missing[pk]] = read(text)
    with _lock:
        for key, reading in found.items():
            _kept[key] = reading
            _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return {key[0]: reading for key, reading in found.items()}
