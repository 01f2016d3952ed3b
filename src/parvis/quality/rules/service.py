"""How long service at the desk takes, with improbable entries put aside, never deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from parvis.common.clock import elapsed_seconds
from parvis.quality.rules.intervals import percentile
from parvis.quality.rules.legs import Leg, LegEnd
from parvis.quality.rules.measures import Indicator, Measure, Unit, duration_of

SERVICE_TIME: Final = Indicator("SERVICE-TIME", 1, Unit.SECONDS)

SHORTEST_SECONDS: Final = 15
LONGEST_SHARE: Final = 0.995
# With fewer entries of a topic its 99.5th percentile is merely its longest one.
_ENOUGH_FOR_LONGEST = 200


class Doubt(StrEnum):
    """Why an entry is put aside."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A service time that somebody should look at before it counts."""

    ticket: int | str
    number: int
    seconds: float
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """The measure, and the entries put aside."""

    measure: Measure
    to_check: tuple[ToCheck, ...]


def service_time(legs: Iterable[Leg]) -> ServiceTime:
    """Time from start to end of service, in seconds: median with p90 in the detail.

    Under 15 s, or beyond the 99.5th percentile of its topic, an entry waits to be checked.
    """
    timed = [
        (leg, elapsed_seconds(leg.started_at, leg.ended_at))
        for leg in legs
        if leg.end is LegEnd.SERVED and leg.started_at is not None and leg.ended_at is not None
    ]
    limits = _longest_by_topic((leg.topic, seconds) for leg, seconds in timed)
    kept: list[float] = []
    aside: list[ToCheck] = []
    for leg, seconds in timed:
        doubt = _doubt(seconds, limits.get(leg.topic))
        if doubt is None:
            kept.append(seconds)
        else:
            aside.append(ToCheck(leg.ticket, leg.number, seconds, doubt))
    excluded = {doubt.value: sum(one.doubt is doubt for one in aside) for doubt in Doubt}
    return ServiceTime(duration_of(SERVICE_TIME, kept, excluded=excluded), tuple(aside))


def _doubt(seconds: float, longest: float | None) -> Doubt | None:
    if seconds < SHORTEST_SECONDS:
        return Doubt.TOO_SHORT
    return Doubt.TOO_LONG if longest is not None and seconds > longest else None


def _longest_by_topic(timed: Iterable[tuple[int | str, float]]) -> dict[int | str, float]:
    by_topic: dict[int | str, list[float]] = {}
    for topic, seconds in timed:
        by_topic.setdefault(topic, []).append(seconds)
    return {
        topic: percentile(sorted(values), LONGEST_SHARE)
        for topic, values in by_topic.items()
        if len(values) >= _ENOUGH_FOR_LONGEST
    }
