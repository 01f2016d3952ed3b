"""Names that authorities write in French and, if they wish, in English."""

from django.utils.translation import get_language


def in_reader_language(french: str, english: str) -> str:
    """The text in the language of the page, French when there is no translation."""
    return english if english and (get_language() or "fr").startswith("en") else french
