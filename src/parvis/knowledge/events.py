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


@dataclass(frozen=True)
class NationalSheetChanged:
    """The national text of a sheet is another one: what was laid over it must be looked at."""

    sheet_id: int
    ref: str
    audience: str
    old_version_id: int
    new_version_id: int
