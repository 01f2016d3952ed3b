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


@dataclass(frozen=True)
class SheetShared:
    """A sheet is offered to the other authorities of a group."""

    sheet_id: int
    ref: str
    authority_id: int
    group_id: int


@dataclass(frozen=True)
class ShareTakenBack:
    """A sheet is no longer offered to a group; copies may stay with who adopted it."""

    sheet_id: int
    ref: str
    authority_id: int
    group_id: int


@dataclass(frozen=True)
class SheetAdopted:
    """Another authority reads and says a shared sheet from now on."""

    sheet_id: int
    ref: str
    authority_id: int  # that adopted it
    version_id: int
