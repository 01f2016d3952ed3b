"""Personal data that somebody types without being asked: warned about, masked, never kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass

MASK = "•••"
_GAP = r"[ .\-\u00a0]?"
_NIR = re.compile(
    rf"(?<!\w)[12]{_GAP}\d\d{_GAP}\d\d{_GAP}(?:\d\d|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}}"
    rf"(?:{_GAP}\d\d)?(?!\w)"
)
_IBAN = re.compile(
    r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ \u00a0]?[A-Za-z0-9]{4}){3,7}(?:[ \u00a0]?\w{1,3})?"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CARD = re.compile(r"(?<!\w)(?:\d[ \-\u00a0]?){12,18}\d(?!\w)")
_PHONE = re.compile(
    rf"(?<!\w)(?:(?:\+|00)\d{{1,3}}{_GAP}(?:\(0\)){{0,1}}{_GAP}|0)[1-9](?:{_GAP}\d\d){{4}}(?!\d)"
    r"|(?<!\w)\+\d(?:[ .\-]?\d){7,13}(?!\d)"
)
_BIRTH = re.compile(
    r"(?i)(\b(?:née?|born)(?:\(e\))?\s+(?:le|on)\s+)"
    r"(\d{1,2}(?:er)?[\s/.\-]+(?:\d{1,2}|[^\W\d_]+)[\s/.\-]+\d{2,4})"
)
_WORD = r"[^\W\d_][\w’'\-]*"
_NAME = re.compile(
    rf"(?i)(\b(?:je m['’ ]?appelle|mon nom est|my name is)\s+)"
    rf"({_WORD}(?:\s+(?!et\b|and\b|je\b){_WORD})?)"
)
_TITLED = re.compile(
    r"(\b(?:Mme|Mlle|Mr|M\.|Madame|Monsieur)\s+)([A-ZÀ-Ý][\w’'\-]+(?:\s+[A-ZÀ-Ý][\w’'\-]+)?)"
)
_STREET = re.compile(
    r"(?i)\b\d{1,4}(?:\s?(?:bis|ter))?(?=,?\s+(?:rue|avenue|boulevard|bd|chemin|impasse|place|"
    r"allée|route|quai|square|street|road)\b)"
)


@dataclass(frozen=True)
class Masked:
    """The text as it may be kept, and what was taken out of it."""

    text: str
    kinds: tuple[str, ...]


def masked(text: str) -> Masked:
    """The text without what identifies somebody."""
    kinds: list[str] = []
    for kind, pattern, replaced in _RULES:
        text, count = pattern.subn(replaced, text)
        if count:
            kinds.append(kind)
    return Masked(text, tuple(dict.fromkeys(kinds)))


def _whole(_found: re.Match[str]) -> str:
    return MASK


def _after(found: re.Match[str]) -> str:
    return found[1] + MASK


_Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]
# From the most telling to the least: a social security number is not a telephone number.
_RULES: tuple[_Rule, ...] = (
    ("email", _EMAIL, _whole),
    ("iban", _IBAN, _whole),
    ("nir", _NIR, _whole),
    ("card", _CARD, _whole),
    ("phone", _PHONE, _whole),
    ("birth", _BIRTH, _after),
    ("name", _NAME, _after),
    ("name", _TITLED, _after),
    ("address", _STREET, _whole),
)
