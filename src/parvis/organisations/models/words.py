"""Names that authorities write in French and, if they wish, in other languages."""

from collections.abc import Mapping

from django.utils.translation import get_language


def in_reader_language(french: str, english: str, others: Mapping[str, str] | None = None) -> str:
    """The text in the language of the page, French when there is no translation."""
    language = (get_language() or "fr").partition("-")[0]
    translated = english if language == "en" else (others or {}).get(language, "")
    return translated or french
