"""Which indicators may have a goal, in which direction, and from when one holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from parvis.quality.rules.measures import Measure, Verdict, verdict


@dataclass(frozen=True, slots=True)
class Direction:
    """Whether a share should reach the goal or stay below it, and a usual first goal."""

    at_least: bool
    usual: float


DIRECTIONS: Final = {
    "WAIT-TARGET": Direction(at_least=True, usual=0.85),
    "FCR-N": Direction(at_least=True, usual=0.65),
    "CSAT": Direction(at_least=True, usual=0.90),
    "ABANDONMENT": Direction(at_least=False, usual=0.05),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A goal decided on a day; a value of None lifts it."""

    code: str
    since: date
    value: float | None


def in_force(steps: Iterable[Step], on: date) -> dict[str, float]:
    """The goals of that day: of each indicator the last one decided until then."""
    latest: dict[str, Step] = {}
    for step in steps:
        known = latest.get(step.code)
        if step.since <= on and (known is None or known.since <= step.since):
            latest[step.code] = step
    return {code: step.value for code, step in latest.items() if step.value is not None}


def judged(measure: Measure, goal: float | None) -> Verdict | None:
    """Kept, not kept, or too early to say; None without a goal."""
    direction = DIRECTIONS.get(measure.code)
    if goal is None or direction is None:
        return None
    return verdict(measure, goal, at_least=direction.at_least)
