"""What became of every file of an import."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Result(StrEnum):
    """One word per file; the first four were read as sheets."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLDER = "older"
    EXPLAINED = "explained"  # rightly no sheet
    BROKEN = "broken"  # left out, with line and reason
    UNDONE = "undone"  # readable, but all or nothing was asked for
    FAILED = "failed"  # left out, and nobody knows why: a fault of ours


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


@dataclass
class Report:
    """The whole import."""

    files: list[FileReport] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def counts(self) -> Counter[Result]:
        return Counter(file.result for file in self.files)

    @property
    def taken(self) -> int:
        counts = self.counts
        return sum(counts[r] for r in (Result.NEW, Result.CHANGED, Result.UNCHANGED, Result.OLDER))

    @property
    def is_complete(self) -> bool:
        """Every file was taken or explained, and not everything was unreadable."""
        counts = self.counts
        if counts[Result.FAILED] or counts[Result.UNDONE]:
            return False
        return bool(self.taken or not counts[Result.BROKEN])
