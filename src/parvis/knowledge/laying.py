"""The mark of local words, as a page shows it."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from parvis.knowledge.rules import Local


@dataclass(frozen=True)
class Laid:
    """Who laid local words here, when, and whether the text below changed since."""

    id: int
    by: str
    on: date
    check: bool
    act: str
    note: str

    @classmethod
    def of(cls, local: Local | None) -> Self | None:
        """The mark of a block, if it has one."""
        if local is None:
            return None
        return cls(
            id=local["id"],
            by=local["by"],
            on=date.fromisoformat(local["on"]),
            check=local["check"],
            act=local["act"],
            note=local["note"],
        )
