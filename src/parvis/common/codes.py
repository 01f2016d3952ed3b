"""Reference codes that people read aloud, and secrets that open a page."""

import base64
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

# Nineteen signs, a prime number, so that one weighted sum modulo 19 is a perfect check.
# Left out, and why:
#   0 O Q D     round shapes taken for one another
#   1 I         and lower-case l taken for one another (capital L stays alone, unmistakable)
#   Z S B G     look like 2 5 8 6, which stay
#   A           a handwritten 4 looks like it
#   U V         taken for one another, and V for Y, which stays
#   A E I O U   vowels: without them a code cannot spell a word; E also sounds like 2 (deux)
#   C D T V B G "cé, dé, té, vé, bé, gé" sound like P ("pé"), which stays alone
#   N           sounds like M; S also sounds like F; Q like K; G like J
ALPHABET: Final = "23456789FHJKLMPRWXY"
LENGTH: Final = 8

# What a reader may have written, seen or heard instead. 0, O, Q and D have no single likely origin.
_CONFUSIONS = str.maketrans("AZSBGI1NVT", "42586LLMYP")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_./\u00b7]+")
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_BASE = len(ALPHABET)
_DRAWN = LENGTH - 1  # the last sign is a check
_RANDOM_BITS = (_BASE**_DRAWN).bit_length()
_SECRET_BYTES = 24
_TRACE_BYTES = 16
Randbits = Callable[[int], int]
_chance: ContextVar[Randbits] = ContextVar("chance", default=secrets.randbits)


@contextmanager
def drawn_from(randbits: Randbits) -> Iterator[None]:
    """Draw from another source meanwhile: the demo town is the same twice. Never elsewhere."""
    before = _chance.set(randbits)
    try:
        yield
    finally:
        _chance.reset(before)


def new_reference(randbits: Randbits | None = None) -> str:
    """Draw a reference of 8 signs (19^7, about 894 million, all equally likely), without dash."""
    randbits = randbits or _chance.get()
    drawn = randbits(_RANDOM_BITS)
    while drawn >= _BASE**_DRAWN:  # a remainder would favour some codes
        drawn = randbits(_RANDOM_BITS)
    signs = []
    for _ in range(_DRAWN):
        drawn, value = divmod(drawn, _BASE)
        signs.append(ALPHABET[value])
    body = "".join(signs)
    return body + check_sign(body)


def check_sign(body: str) -> str:
    """The last sign: it makes the sum of the signs, weighted 8, 7, ... 1, divisible by 19.

    All weights differ and 19 is prime, so one wrong sign or any two signs exchanged show.
    """
    total = sum((LENGTH - place) * _VALUES[sign] for place, sign in enumerate(body))
    return ALPHABET[-total % _BASE]


def format_reference(reference: str) -> str:
    """The reference as it is printed and read aloud: XXXX-XXXX."""
    return f"{reference[:4]}-{reference[4:]}"


def parse_reference(text: str) -> str | None:
    """The reference that somebody typed, wrote or dictated, or None when it cannot be one."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    signs = plain.translate(_CONFUSIONS)
    if len(signs) != LENGTH or not all(sign in _VALUES for sign in signs):
        return None
    return signs if check_sign(signs[:_DRAWN]) == signs[_DRAWN] else None


def new_secret() -> str:
    """A secret of 192 random bits for a link, in 32 characters that are safe in an address."""
    return base64.urlsafe_b64encode(_drawn(_SECRET_BYTES)).decode()


def new_trace() -> str:
    """A name that nothing else bears, in 32 hexadecimal characters: of a message that leaves."""
    return _drawn(_TRACE_BYTES).hex()


def _drawn(length: int) -> bytes:
    return _chance.get()(length * 8).to_bytes(length, "big")


def hash_secret(secret: str) -> str:
    """What is stored instead of the secret: its SHA-256, in 64 hexadecimal characters."""
    return hashlib.sha256(secret.encode()).hexdigest()
