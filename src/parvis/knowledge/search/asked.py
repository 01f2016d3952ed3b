"""How people ask for what a national sheet answers, in their own words.

A table of our own comes with the program (``asked.txt``): a few lines for each reference, as they
are said at a desk or begin a letter. They help to find a sheet and are never shown.
"""

from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

from parvis.knowledge.search.words import stems


def asked_for(ref: str) -> str:
    """The questions of people that this national sheet answers, as far as the table has any."""
    return " ".join(_table().get(ref, ()))


@lru_cache(maxsize=4096)
def asked_stems(ref: str) -> frozenset[str]:
    """Every stem of these questions."""
    return frozenset(stems(asked_for(ref)))


@cache
def _table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    table = files(__package__).joinpath("asked.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            ref, _space, words = line.partition(" ")
            found[ref].append(words)
    return dict(found)
