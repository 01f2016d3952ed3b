"""Was the announced wait right? Counted from what happened, with what the count is worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parvis.common.intervals import Interval, percentile, wilson
from parvis.queue.rules.waits import ROUND_TO

RIGHT, EARLY, LATE = "right", "early", "late"
SHOWN_FROM: Final = 5  # fewer people say nothing, and would be recognised


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was told, and how long it was until the call, or until they left; minutes."""

    low: int
    high: int
    waited: float
    was_called: bool = True

    @property
    def verdict(self) -> str:
        """Right, called earlier, called later; nothing of who left before it could be seen."""
        if self.waited > self.high:
            return LATE  # also of who gave up after more than was announced
        if not self.was_called:
            return ""
        return EARLY if self.waited < self.low else RIGHT

    @property
    def error(self) -> float:
        """How much longer than the middle of the range; negative when it went faster."""
        return self.waited - (self.low + self.high) / 2

    @property
    def made_to_wait(self) -> bool:
        """Were they told more than "less than five minutes"?"""
        return self.high > ROUND_TO


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often announcements were right; nothing is shown of fewer than five."""

    right: int = 0
    early: int = 0
    late: int = 0
    median_error: float | None = None  # minutes

    @property
    def count(self) -> int:
        """Of how many people it is known."""
        return self.right + self.early + self.late

    @property
    def is_shown(self) -> bool:
        """Are there enough?"""
        return self.count >= SHOWN_FROM

    @property
    def share(self) -> float | None:
        """The share that was right."""
        return self.right / self.count if self.is_shown else None

    @property
    def interval(self) -> Interval | None:
        """Between which shares the truth lies, 95 times in 100."""
        return wilson(self.right, self.count) if self.is_shown else None


def accuracy(told: Iterable[Told]) -> Accuracy:
    """Count the announcements whose end is known."""
    known = [(one, one.verdict) for one in told if one.verdict]
    verdicts = [verdict for _one, verdict in known]
    errors = sorted(one.error for one, _verdict in known if one.was_called)
    return Accuracy(
        verdicts.count(RIGHT),
        verdicts.count(EARLY),
        verdicts.count(LATE),
        percentile(errors, 0.5) if len(errors) >= SHOWN_FROM else None,
    )
