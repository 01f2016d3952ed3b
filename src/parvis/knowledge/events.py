"""What the knowledge room announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SheetVersionPublished:
    """New words of a sheet are what everybody reads from now on."""

    sheet_id: int
    version_id: int
    ref: str
    authority_id: int | None
    number: int
