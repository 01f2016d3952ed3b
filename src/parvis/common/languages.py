"""Languages by their names."""

from django.utils.translation import get_language_info


def language_name(code: str) -> str:
    """The name of a language for the reader: arabe, Arabic; the code when it is none we know."""
    try:
        return str(get_language_info(code)["name_translated"]).lower()
    except KeyError:
        return code
