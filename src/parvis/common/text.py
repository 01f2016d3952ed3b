"""Words as they are kept."""


def one_line(text: str) -> str:
    """Typed words on one line, without NUL: PostgreSQL refuses it, SQLite would keep it."""
    return " ".join(text.replace("\0", "").split())
