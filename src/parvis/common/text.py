"""Words as they are kept."""

import re

# Every white space but those that keep a French colon or percentage with its word.
_BREAKABLE = re.compile(r"[^\S\u00a0\u202f]+")


def one_line(text: str) -> str:
    """Typed words on one line, without NUL: PostgreSQL refuses it, SQLite would keep it."""
    return _BREAKABLE.sub(" ", text.replace("\0", "")).strip()
