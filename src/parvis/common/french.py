"""Days of the month as French writes them: 1er décembre, 2 décembre."""

from typing import Final

from django.utils.dateformat import DateFormat
from django.utils.translation import get_language

_english_suffix: Final = DateFormat.S


def suffix_of_the_day(self: DateFormat) -> str:
    """What follows the number of a day in a date: “er” after the first one, in French only."""
    if (get_language() or "fr").startswith("fr"):
        return "er" if getattr(self.data, "day", 0) == 1 else ""
    return _english_suffix(self)


def install() -> None:
    """Let ``jS`` in a format write the French first day; Django knows the English suffixes only."""
    DateFormat.S = suffix_of_the_day  # type: ignore[method-assign]
