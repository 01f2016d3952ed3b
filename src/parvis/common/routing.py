"""Addresses found word by word, so that a page does not pay for every room of the house.

Django tries one address after the other, a regular expression each: with six hundred of them a
quarter of what an empty answer costs. Here those that begin with the same word stand behind one
gate, and behind it those with the same second word.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import groupby
from typing import Any

from django.urls import URLPattern, URLResolver, include, path

Address = URLPattern | URLResolver
DEPTH = 3  # agent/fiches/ecriture/: deeper than that there is nothing to gain


def room(urls: str) -> Any:
    """The addresses of one room, for ``path("", …)`` in place of Django's ``include``."""
    module = import_module(urls)
    addresses = list(gathered(module.urlpatterns))
    name = getattr(module, "app_name", None)
    return include((addresses, name)) if name else include(addresses)


def gathered(addresses: Iterable[Address], depth: int = DEPTH) -> Iterator[Address]:
    """The same addresses, found alike, with a gate for each first word that several share.

    Which of two comes first matters only where both could be meant: one that begins with a
    variable keeps its place among all others.
    """
    for is_told, neighbours in groupby(addresses, _is_told):
        if not is_told or not depth:
            yield from neighbours
            continue
        gates: dict[str, list[Address]] = {}
        for address in neighbours:
            gates.setdefault(_word(address), []).append(address)
        for word, behind in gates.items():
            if len(behind) == 1 or not word.endswith("/"):
                yield from behind
            else:
                shorter = [_without(word, one) for one in behind]
                yield path(word, include(list(gathered(shorter, depth - 1))))


def _is_told(address: Address) -> bool:
    """Is the first word the same for everybody? That of a whole room is never."""
    return isinstance(address, URLPattern) and "<" not in _word(address)


def _word(address: Address) -> str:
    """``agent/`` of ``agent/contacts/``, ``sitemap.xml`` of itself."""
    word, slash, _rest = str(address.pattern).partition("/")
    return word + slash


def _without(word: str, address: Address) -> URLPattern:
    assert isinstance(address, URLPattern)  # noqa: S101 - others have no word
    rest = str(address.pattern).removeprefix(word)
    return path(rest, address.callback, address.default_args, address.name)
