"""How people ask for what a sheet answers, in their own words.

For the national sheets a table of our own comes with the program (``asked.txt``): a few lines for
each reference, as they are said at a desk or begin a letter. For the others their editors write
such lines. They help to find a sheet and are never shown.
"""

from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

from parvis.knowledge.search.words import stems

ENOUGH = 4  # lines, and a sheet is found beside those of the table without making up for any


def asked_for(ref: str, own: str, *, is_national: bool) -> str:
    """The questions of people that a sheet answers: of the table, or of its own editors."""
    return " ".join(_table().get(ref, ())) if is_national else own


@lru_cache(maxsize=4096)
def asked_stems(words: str) -> frozenset[str]:
    """Every stem of these questions."""
    return frozenset(stems(words))


def lacking(own: str) -> float:
    """How much of the lines is lacking that its editors could write: from all, 1, to nothing."""
    return max(0.0, 1.0 - len(own.splitlines()) / ENOUGH)


@cache
def _table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    table = files(__package__).joinpath("asked.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            ref, _space, words = line.partition(" ")
            found[ref].append(words)
    return dict(found)
