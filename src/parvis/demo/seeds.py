"""Everything that looks random in the demo town, drawn from one seed: twice the same town."""

import base64
import hashlib
from random import Random

_WORDS = (
    "tilleul", "lavandiere", "passerelle", "fontaine", "hirondelle", "marronnier", "lavoir",
    "clocher", "glycine", "verger", "prairie", "kiosque", "ardoise", "sentier", "moulin", "rivage",
)  # fmt: skip


def rng(seed: int, *parts: object) -> Random:
    """A stream of chance of its own for one purpose, so that purposes do not disturb each other."""
    return Random("/".join(str(part) for part in (seed, *parts)))  # noqa: S311 - a play, no secret


def secret(seed: int, *parts: object) -> str:
    """A secret of a demo: the same for the same seed, so that links and keys can be written down.

    Whoever knows the seed knows it: never for anything but a demo.
    """
    digest = hashlib.sha256("/".join(map(str, ("parvis demo", seed, *parts))).encode()).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def password(seed: int) -> str:
    """The password of every account of this demo."""
    chance = rng(seed, "password")
    first, second = chance.sample(_WORDS, 2)
    return f"{first}-{second}-{chance.randint(1000, 9999)}"
