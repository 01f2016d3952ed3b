"""Letters without accents and signs: what patterns of the room are compared with."""

import re
import unicodedata

_SIGNS = re.compile(r"[^a-z0-9]+")


def folded(text: str) -> str:
    """Small letters without accents, words set apart by one space, one space at both ends."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return f" {_SIGNS.sub(' ', bare).strip()} "
