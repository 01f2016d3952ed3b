"""Keeps the secrets of addresses out of every log line."""

import logging
import re
from typing import Any

SECRET_PATHS = re.compile(
    r"(/(?:suivi|ticket|rendez-vous|agenda)/)[A-Za-z0-9_\-]{8,}"
    r"|(/(?:assistant(?:/cadre)?|borne/[\w\-]+/question|conversations)/)[A-Za-z0-9_\-]{24,}"
)
HIDDEN = r"\1\2(secret)"


def redact(text: str) -> str:
    """The text without the secrets of tracking, ticket and appointment pages."""
    return SECRET_PATHS.sub(HIDDEN, text)


class HideSecrets(logging.Filter):
    """Rewrites what a record says before any handler writes it down."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(map(_clean, record.args))
        elif isinstance(record.args, dict):
            record.args = {key: _clean(value) for key, value in record.args.items()}
        return True


def _clean(value: Any) -> Any:
    return value if isinstance(value, int | float) else redact(str(value))
