"""Which lines of the street table hold for an address as somebody says it."""

import re
import unicodedata
from dataclasses import dataclass

ODD, EVEN = "odd", "even"
_NUMBER = re.compile(r"^(\d{1,4})\b")
_KINDS = {"r": "rue", "av": "avenue", "bd": "boulevard", "bld": "boulevard", "pl": "place",
          "imp": "impasse", "che": "chemin", "ch": "chemin", "all": "allee", "rte": "route",
          "st": "saint", "ste": "sainte", "gal": "general"}  # fmt: skip


_WAYS = {*_KINDS.values(), "de", "du", "des", "la", "le", "les", "d", "l"}


@dataclass(frozen=True)
class Address:
    """A street, and a number in it if one was said."""

    words: tuple[str, ...]
    number: int | None = None


def folded(name: str) -> str:
    """A street name as it is compared: small letters, no accents, short forms written out."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join(_KINDS.get(word, word) for word in words)


def address(text: str) -> Address:
    """What was typed, as a number and the words of a street."""
    words = folded(text)
    found = _NUMBER.match(words)
    rest = words[found.end() :] if found else words
    rest = re.sub(r"^\s*(bis|ter)\b", "", rest)
    return Address(tuple(rest.split()), int(found[1]) if found else None)


def is_named(wanted: Address, street: str) -> bool:
    """Whether the street has every word that was typed; the last may still be growing."""
    words = street.split()
    whole, last = wanted.words[:-1], wanted.words[-1:]
    telling = [word for word in wanted.words if word not in _WAYS]
    if not last or len("".join(telling)) < 3:
        return False
    return all(word in words for word in whole) and any(w.startswith(last[0]) for w in words)


def covers(number: int | None, first: int | None, last: int | None, side: str) -> bool:
    """Whether a line of the table holds for a house number; without one, every line may."""
    if number is None:
        return True
    if side in (ODD, EVEN) and (number % 2 == 1) != (side == ODD):
        return False
    return (first is None or number >= first) and (last is None or number <= last)
