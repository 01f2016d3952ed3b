"""How departments answer the desks: what the house promises itself, beside what it promises."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from parvis.common.clock import elapsed_seconds
from parvis.quality.rules.measures import (
    Indicator,
    Measure,
    Tally,
    Unit,
    duration_of,
    share_of,
)

WITH_VISITOR: Final = Indicator("ANSWER-VISITOR", 1, Unit.SECONDS)
WITHOUT: Final = Indicator("ANSWER-DELAY", 1, Unit.SECONDS)
KEPT: Final = Indicator("ANSWER-KEPT", 1, Unit.SHARE)
UNANSWERED: Final = Indicator("ANSWER-NONE", 1, Unit.SHARE)
ESCALATED: Final = Indicator("ANSWER-PASSED", 1, Unit.SHARE)
WITHDRAWN, REUSED, NOT_DUE, NO_ANSWER = "withdrawn", "reused", "not_due", "unanswered"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the clock sees it."""

    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    visitor: bool
    is_withdrawn: bool = False
    is_reused: bool = False
    is_closed: bool = False
    turns: int = 1  # how many people were asked one after the other

    @property
    def seconds(self) -> float | None:
        """From the question to its answer, nights included; None without one."""
        if self.answered_at is None:
            return None
        return max(0.0, elapsed_seconds(self.asked_at, self.answered_at))

    def left_out(self, now: datetime) -> str:
        """Why it says nothing about the promise; empty when it does."""
        if self.is_reused:
            return REUSED
        if self.answered_at is None and self.is_withdrawn:
            return WITHDRAWN
        if self.answered_at is None and not self.is_closed and self.due_at >= now:
            return NOT_DUE
        return ""


def answers(asked: Iterable[Asked], now: datetime) -> list[Measure]:
    """Delays of answers, promises kept, questions without answer, questions that went on."""
    left_out: Counter[str] = Counter()
    counted: list[Asked] = []
    for one in asked:
        if because := one.left_out(now):
            left_out[because] += 1
        else:
            counted.append(one)
    excluded = dict(left_out)
    answered = [one for one in counted if one.answered_at is not None]
    kept = sum(one.answered_at <= one.due_at for one in answered if one.answered_at)
    passed = sum(one.turns > 1 for one in counted)
    total = len(counted)
    return [
        _delay(WITH_VISITOR, [one for one in counted if one.visitor], excluded),
        _delay(WITHOUT, [one for one in counted if not one.visitor], excluded),
        share_of(KEPT, Tally(kept, total), excluded=excluded),
        share_of(UNANSWERED, Tally(total - len(answered), total), excluded=excluded),
        share_of(ESCALATED, Tally(passed, total), excluded=excluded),
    ]


def _delay(indicator: Indicator, counted: list[Asked], excluded: dict[str, int]) -> Measure:
    seconds = [one.seconds for one in counted if one.seconds is not None]
    without = len(counted) - len(seconds)
    more = {NO_ANSWER: without} if without else {}
    return duration_of(indicator, seconds, excluded={**excluded, **more})
