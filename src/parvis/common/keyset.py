"""Pages by keyset: the mark of a row stands in an address, and says what lies beyond it."""

from datetime import UTC, date, datetime
from typing import Final

from django.db.models import Q

Key = tuple[datetime, int]
LARGEST_ID: Final = 2**63 - 1
_STAMP: Final = "%Y%m%dT%H%M%S%f"


def mark(at: datetime, pk: int) -> str:
    """The mark of a row, by its instant and its key."""
    return f"{at.astimezone(UTC):{_STAMP}}_{pk}"


def read(text: str) -> Key | None:
    """The instant and the key of a mark; None for what is no mark."""
    try:
        stamp, digits = text.split("_")
        at, pk = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), int(digits)
    except ValueError:
        return None
    return (at, pk) if abs(pk) <= LARGEST_ID else None


def older(field: str, key: tuple[datetime | date, int]) -> Q:
    """What comes before a row in time, the keys deciding within an instant.

    The bound stands alone as well: an index is entered there, however deep the page is.
    """
    at, pk = key
    beyond = Q(**{f"{field}__lt": at}) | Q(**{field: at, "pk__lt": pk})
    return Q(**{f"{field}__lte": at}) & beyond


def newer(field: str, key: tuple[datetime | date, int]) -> Q:
    """What comes after a row in time."""
    at, pk = key
    beyond = Q(**{f"{field}__gt": at}) | Q(**{field: at, "pk__gt": pk})
    return Q(**{f"{field}__gte": at}) & beyond
