"""Canaries: a word of its own in every place that the public never reads, and a walk for them.

A room adds itself with ``tests/<room>/canaries.py``: ``PLANTED``, functions that put words inside
(``aviary.word("what it is")``), and, where the room answers elsewhere than on public pages,
``SURFACES``, functions that give what a stranger gets there.
"""

import gzip
import importlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parvis.organisations.models import Authority
from tests.support.routes import Route

MARK = "zqxcanari"
NEIGHBOUR = "zqxvoisin"  # stands beside each canary: what a stranger types into the search
_WORD = re.compile(MARK + "[a-z]+")
_LINK = re.compile(r'(?:href|action|src)="([^"#][^"]*)"')
MOST_PAGES = 400
ROOMS = sorted(path.parent.name for path in Path("tests").glob("*/canaries.py"))


@dataclass
class Aviary:
    """Two towns, and where each canary was set free."""

    ours: Authority
    theirs: Authority
    places: dict[str, str] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)  # of every sheet that holds one
    files: list[int] = field(default_factory=list)
    with_files: list[str] = field(default_factory=list)  # of those that have one

    def word(self, place: str) -> str:
        """A canary with its neighbour, for this place."""
        number, letters = len(self.places) + 1, ""
        while number:
            number, digit = divmod(number - 1, 26)
            letters = chr(ord("a") + digit) + letters
        self.places[MARK + letters] = place
        return f"{MARK}{letters} {NEIGHBOUR}{letters}"

    def neighbours(self) -> list[str]:
        """Questions with the words beside the canaries, some at a time."""
        words = [word.replace(MARK, NEIGHBOUR) for word in self.places]
        return ["+".join(words[first : first + 8]) for first in range(0, len(words), 8)]


@dataclass(frozen=True)
class Page:
    """Something that a stranger was given."""

    where: str
    status: int
    body: bytes
    headers: str = ""


Planter = Callable[[Aviary], None]
Surface = Callable[[Aviary, Client], Iterable[Page]]


def of_rooms(name: str) -> list[Any]:
    """Everything that the rooms bring under this name."""
    modules = [importlib.import_module(f"tests.{room}.canaries") for room in ROOMS]
    return [one for module in modules for one in getattr(module, name, [])]


def get(client: Client, address: str) -> Page:
    """One address as a stranger reads it, redirection included."""
    response: Any = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return Page(address, response.status_code, body, str(dict(response.headers)))


def found(page: Page) -> set[str]:
    """The canaries in a page, in its headers, and in what is packed inside it."""
    return set(_WORD.findall((page.headers + "\n" + _text(page.body)).casefold()))


def _text(body: bytes) -> str:
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(n + "\n" + _text(archive.read(n)) for n in archive.namelist())
    return body.decode("utf-8", "replace").replace("\u00ad", "")


def leaks(pages: Iterable[Page], aviary: Aviary) -> list[str]:
    """One line for each canary that was seen outside, with where."""
    return [
        f"{aviary.places.get(word, word)}: {page.where} ({page.status})"
        for page in pages
        for word in sorted(found(page))
    ]


def public_patterns(
    patterns: Iterable[Any] | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every public page of the address list, by name."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = ":".join(filter(None, [namespace, one.namespace or ""]))
            if inner != "api":
                yield from public_patterns(one.url_patterns, inner)
        elif getattr(one.callback, "access", None) == ("public",) and one.name:
            yield ":".join(filter(None, [namespace, one.name])), one


def by_name(routes: Iterable[Route], client: Client) -> Iterator[Page]:
    """Every public page with the rows that its line in the table of routes makes for it."""
    of_name = {route.name: route for route in routes}
    for name, _pattern in public_patterns():
        route = of_name[name]
        if "get" not in route.methods:
            continue
        with transaction.atomic():
            address = reverse(name, kwargs=dict(route.ours())) + route.query
            yield get(client, address)
            transaction.set_rollback(True)


def by_guess(aviary: Aviary, client: Client) -> Iterator[Page]:
    """Every public address made of parts that a stranger could guess or remember."""
    guesses: dict[str, list[Any]] = {
        "ref": aviary.refs,
        "slug": [aviary.ours.slug, aviary.theirs.slug],
        "pk": aviary.files,
        "family": ["etat-civil", "ferme"],
        "service": ["etat-civil", "ferme", "accueil"],
        "part": [0, 1, 2],
    }
    for name, pattern in public_patterns():
        wanted = set(pattern.pattern.converters)
        if not wanted or not wanted <= guesses.keys():
            continue
        given = {**guesses, "ref": aviary.with_files} if "pk" in wanted else guesses
        for address in _addresses(name, sorted(wanted), given, {}):
            is_theirs = f"/c/{aviary.theirs.slug}/" in address
            page = get(client, address)
            yield _without(page, aviary) if is_theirs else page


def _without(page: Page, aviary: Aviary) -> Page:
    """The neighbours' own pages may show what the neighbours publish."""
    text = _text(page.body)
    for word, place in aviary.places.items():
        if place.startswith("theirs, public"):
            text = re.sub(word, "", text, flags=re.IGNORECASE)
    return Page(page.where, page.status, text.encode(), page.headers)


def _addresses(
    name: str, wanted: list[str], guesses: dict[str, list[Any]], given: dict[str, Any]
) -> Iterator[str]:
    if not wanted:
        yield reverse(name, kwargs=given)
        return
    first, *others = wanted
    for value in guesses[first]:
        yield from _addresses(name, others, guesses, {**given, first: value})


def by_links(start: str, client: Client) -> Iterator[Page]:
    """Everything that can be reached from a page by its links, on this host."""
    waiting, seen = [start], {start}
    while waiting and len(seen) < MOST_PAGES:
        page = get(client, waiting.pop(0))
        yield page
        if b"<html" not in page.body[:600] and b"<?xml" not in page.body[:60]:
            continue
        for link in _LINK.findall(page.body.decode("utf-8", "replace")):
            address = _local(urldefrag(link.replace("&amp;", "&"))[0], page.where)
            if address and address not in seen and not address.startswith("/static/"):
                seen.add(address)
                waiting.append(address)


def _local(link: str, at: str) -> str:
    parts = urlsplit(link)
    if parts.netloc or parts.scheme:
        return ""
    if link.startswith("?"):
        return at.partition("?")[0] + link
    return link if link.startswith("/") else ""
