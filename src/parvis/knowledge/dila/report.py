"""What became of every file of an import."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """One word per file; the first four were read and are kept."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLDER = "older"
    EXPLAINED = "explained"  # rightly nothing to keep
    BROKEN = "broken"  # left out, with line and reason
    UNDONE = "undone"  # readable, but all or nothing was asked for
    FAILED = "failed"  # left out, and nobody knows why: a fault of ours
    WITHDRAWN = "withdrawn"  # no file: the edition no longer has this sheet


TAKEN = (Result.NEW, Result.CHANGED, Result.UNCHANGED, Result.OLDER)


@dataclass(frozen=True)
class FileReport:
    """One file, or one line of a file of lines."""

    name: str
    line: int | None
    result: Result
    reason: str = ""
    ref: str = ""

    @property
    def place(self) -> str:
        return f"{self.name}:{self.line}" if self.line is not None else self.name

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


@dataclass
class Report:
    """The whole import, or the part of it that was done just now."""

    files: list[FileReport] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    gone_on_from: int = 0  # files that an earlier, interrupted run had taken already
    was_cancelled: bool = False

    @property
    def counts(self) -> Counter[Result]:
        return Counter(file.result for file in self.files)

    @property
    def taken(self) -> int:
        counts = self.counts
        return sum(counts[result] for result in TAKEN)

    @property
    def has_changes(self) -> bool:
        """Something that is read is different now."""
        counts = self.counts
        return bool(counts[Result.NEW] or counts[Result.CHANGED] or counts[Result.WITHDRAWN])

    @property
    def is_complete(self) -> bool:
        """Every file was taken or explained, and not everything was unreadable."""
        counts = self.counts
        if counts[Result.FAILED] or counts[Result.UNDONE] or self.was_cancelled:
            return False
        return bool(self.taken or self.gone_on_from or not counts[Result.BROKEN])
