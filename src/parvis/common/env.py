"""Reading the environment: every setting is a ``PARVIS_*`` variable, secrets also ``*_FILE``."""

import os
from pathlib import Path


def text(name: str, default: str = "") -> str:
    """The value of PARVIS_<name>, or the content of the file PARVIS_<name>_FILE names."""
    path = os.environ.get(f"PARVIS_{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            raise SystemExit(f"PARVIS_{name}_FILE cannot be read: {error}") from None
    return os.environ.get(f"PARVIS_{name}", default)


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on (any case)."""
    value = text(name)
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    """A whole number; a clear sentence when the value is not one."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise SystemExit(f"PARVIS_{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
