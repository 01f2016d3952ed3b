"""Opening hours as a colleague types them: "8:30-12:30, 13h30-17h"."""

import re
from collections.abc import Iterable
from datetime import time
from itertools import pairwise

from parvis.organisations.rules.hours import Opening

_PART = re.compile(r"[,;/+]|\bet\b|\band\b")
_RANGE = re.compile(r"^(.+?)\s*(?:-|\u2013|\u2014|\bà\b|\bto\b)\s*(.+)$")
_TIME = re.compile(r"^(\d{1,2})\s*(?:[h:.]\s*(\d{2})?)?$")


class NotHours(ValueError):
    """The text cannot be read as hours; ``part`` is what stopped the reading."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def parse_openings(text: str) -> tuple[Opening, ...]:
    """The openings that the text means, in order; an empty text means closed."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").strip().lower()
    parts = [part.strip() for part in _PART.split(plain)] if plain else []
    openings = sorted(_opening(part) for part in parts)
    for before, after in pairwise(openings):
        if after.opens < before.closes:
            raise NotHours(text.strip())
    return tuple(openings)


def show_openings(openings: Iterable[Opening]) -> str:
    """The openings as a colleague would type them again."""
    return ", ".join(f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in openings)


def _opening(part: str) -> Opening:
    found = _RANGE.match(part)
    if not found:
        raise NotHours(part)
    try:
        return Opening(_time(found[1]), _time(found[2]))
    except ValueError as error:
        raise NotHours(part) from error


def _time(text: str) -> time:
    found = _TIME.match(text.strip())
    if not found:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or 0))
