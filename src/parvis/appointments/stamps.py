"""Instants as they stand in addresses and forms: 20261124T0800Z."""

from datetime import UTC, datetime
from typing import Final

FORM: Final = "%Y%m%dT%H%MZ"


def stamp(instant: datetime) -> str:
    """The instant, to the minute, in UTC."""
    return instant.astimezone(UTC).strftime(FORM)


def instant(text: str) -> datetime | None:
    """The instant that a stamp means; None when it is none."""
    try:
        return datetime.strptime(text, FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
