"""How long people wait, how many give up, and how long they are then at the desk."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from parvis.common.clock import elapsed_seconds
from parvis.quality.rules.intervals import percentile, survival, waiting_percentile
from parvis.quality.rules.legs import Leg, sort_out
from parvis.quality.rules.measures import (
    HIDDEN_BELOW,
    Counts,
    Detail,
    Indicator,
    Measure,
    Tally,
    Unit,
    duration_of,
    share_of,
    spread_of,
)

ON_TARGET: Final = Indicator("WAIT-TARGET", 2, Unit.SHARE)
MEDIAN_WAIT: Final = Indicator("WAIT-P50", 1, Unit.SECONDS)
LONG_WAIT: Final = Indicator("WAIT-P90", 1, Unit.SECONDS)
CALL_WAIT: Final = Indicator("WAIT-CALL", 1, Unit.SECONDS)
WALKING: Final = Indicator("WAIT-WALK", 1, Unit.SECONDS)
TRANSFER_WAIT: Final = Indicator("WAIT-TRANSFER", 1, Unit.SECONDS)
APPOINTMENT_WAIT: Final = Indicator("APPT-WAIT", 1, Unit.SECONDS)
APPOINTMENT_EARLY: Final = Indicator("APPT-EARLY", 1, Unit.SECONDS)
APPOINTMENT_LATE: Final = Indicator("APPT-LATE", 1, Unit.SECONDS)
IN_BUILDING: Final = Indicator("IN-BUILDING", 1, Unit.SECONDS)
ABANDONMENT: Final = Indicator("ABANDONMENT", 1, Unit.SHARE)


@dataclass(frozen=True, slots=True)
class WaitingTime:
    """The waiting-time indicator and its companions."""

    on_target: Measure
    median: Measure
    long: Measure
    call: Measure
    walking: Measure
    transfer: Measure
    appointment: Measure
    early: Measure
    late: Measure
    in_building: Measure
    abandonment: Measure

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All of them, the headline first."""
        return (
            self.on_target,
            self.median,
            self.long,
            self.call,
            self.walking,
            self.transfer,
            self.appointment,
            self.early,
            self.late,
            self.in_building,
            self.abandonment,
        )


@dataclass(slots=True)
class _Line:
    """First legs without appointment, sorted into what is known about each wait (seconds)."""

    served: list[float] = field(default_factory=list)
    abandoned: list[float] = field(default_factory=list)
    absent: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    within: int = 0  # served within the target
    overdue: int = 0  # still waiting, beyond it already
    targets: set[float] = field(default_factory=set)  # that these waits were held to


@dataclass(frozen=True, slots=True)
class HourCell:
    """The waits that began in one hour of one weekday (Monday is 0); hidden below five."""

    weekday: int
    hour: int
    people: int
    p50: float | None
    p90: float | None


def waiting_time(legs: Iterable[Leg], *, target_seconds: float, now: datetime) -> WaitingTime:
    """Waiting time from the legs of a period; all durations in seconds, counted on UTC.

    The headline looks at first legs without appointment; transfers and appointments stand apart.
    A leg of a site with a target of its own is held to that one.
    """
    sound, unsound = sort_out(legs)
    broken = {"inconsistent": len(unsound)}
    first = [leg for leg in sound if leg.number == 1 and leg.appointment_at is None]
    appointments = [leg for leg in sound if leg.number == 1 and leg.appointment_at is not None]
    line = _sorted_line(first, target_seconds, now)
    excluded = {
        "absent_after_one_call": len(line.absent),
        "still_waiting": len(line.waiting),
        "with_appointment": len(appointments),
        **broken,
    }
    unserved = {"abandoned": len(line.abandoned), **excluded}
    later = _between((leg.joined_at, leg.started_at) for leg in sound if leg.number > 1)
    return WaitingTime(
        on_target=_on_target(line, excluded),
        median=duration_of(MEDIAN_WAIT, line.served, excluded=unserved, detail=_survival(line)),
        long=duration_of(LONG_WAIT, line.served, share=0.9, excluded=unserved),
        call=duration_of(
            CALL_WAIT, _between((leg.joined_at, leg.called_at) for leg in first), excluded=broken
        ),
        walking=duration_of(
            WALKING, _between((leg.called_at, leg.started_at) for leg in first), excluded=broken
        ),
        transfer=duration_of(TRANSFER_WAIT, later, excluded=broken),
        appointment=duration_of(APPOINTMENT_WAIT, _due_to_us(appointments), excluded=broken),
        early=duration_of(APPOINTMENT_EARLY, _early(appointments), excluded=broken),
        late=duration_of(APPOINTMENT_LATE, _late(appointments), excluded=broken),
        in_building=duration_of(
            IN_BUILDING, _in_building(sound, {leg.ticket for leg in unsound}), excluded=broken
        ),
        abandonment=_abandonment(sound, broken),
    )


def waits_by_hour(legs: Iterable[Leg], zone: tzinfo) -> list[HourCell]:
    """Median and ninth-in-ten gross wait (seconds) by weekday and hour of arrival at the place."""
    cells: dict[tuple[int, int], list[float]] = {}
    for leg in legs:
        if leg.started_at is not None and leg.number == 1 and leg.is_consistent:
            arrived = leg.joined_at.astimezone(zone)
            wait = elapsed_seconds(leg.joined_at, leg.started_at)
            cells.setdefault((arrived.weekday(), arrived.hour), []).append(wait)
    return [_hour_cell(weekday, hour, waits) for (weekday, hour), waits in sorted(cells.items())]


def _hour_cell(weekday: int, hour: int, waits: list[float]) -> HourCell:
    if len(waits) < HIDDEN_BELOW:
        return HourCell(weekday, hour, len(waits), None, None)
    waits.sort()
    return HourCell(weekday, hour, len(waits), percentile(waits, 0.5), percentile(waits, 0.9))


def _sorted_line(first: Iterable[Leg], target_seconds: float, now: datetime) -> _Line:
    line = _Line()
    for leg in first:
        target = target_seconds if leg.target_seconds is None else leg.target_seconds
        line.targets.add(target)
        wait = max(0.0, elapsed_seconds(leg.joined_at, leg.started_at or leg.ended_at or now))
        if leg.started_at is not None:
            line.served.append(wait)
            line.within += wait <= target
        elif leg.ended_at is not None:
            (line.abandoned if leg.is_abandoned else line.absent).append(wait)
        else:
            line.waiting.append(wait)
            line.overdue += wait > target
    return line


def _on_target(line: _Line, excluded: dict[str, int]) -> Measure:
    """Attended within the target, out of who was attended, gave up, or waits beyond it already."""
    total = len(line.served) + len(line.abandoned) + line.overdue
    only = max(line.targets, default=0.0) if len(line.targets) == 1 else 0.0
    detail: Detail = {
        # Where sites aim at different waits, or at none, there is no one wait to tell.
        "target": only or None,
        "served": len(line.served),
        "abandoned": len(line.abandoned),
        "overdue": line.overdue,
        **spread_of(sorted(line.served)),
    }
    below = {**excluded, "still_waiting": len(line.waiting) - line.overdue}
    return share_of(ON_TARGET, Tally(line.within, total), excluded=below, detail=detail)


def _survival(line: _Line) -> Detail:
    """Percentiles that do not improve when people give up (Kaplan-Meier, who left is censored)."""
    curve = survival(line.served, [*line.abandoned, *line.absent, *line.waiting])
    return {
        "km_p50": waiting_percentile(curve, 0.5),
        "km_p90": waiting_percentile(curve, 0.9),
        "censored": len(line.abandoned) + len(line.absent) + len(line.waiting),
    }


def _between(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> list[float]:
    return [
        elapsed_seconds(start, end) for start, end in pairs if start is not None and end is not None
    ]


def _due_to_us(appointments: Sequence[Leg]) -> list[float]:
    return [
        max(0.0, elapsed_seconds(max(leg.appointment_at, leg.joined_at), leg.started_at))
        for leg in appointments
        if leg.appointment_at is not None and leg.started_at is not None
    ]


def _early(appointments: Sequence[Leg]) -> list[float]:
    pairs = ((leg.joined_at, leg.appointment_at) for leg in appointments)
    return [max(0.0, seconds) for seconds in _between(pairs)]


def _late(appointments: Sequence[Leg]) -> list[float]:
    pairs = ((leg.appointment_at, leg.joined_at) for leg in appointments)
    return [max(0.0, seconds) for seconds in _between(pairs)]


def _in_building(legs: Iterable[Leg], unsure: Set[int | str]) -> list[float]:
    """From joining the line to the end of the last leg: a transfer never restarts the total."""
    stays: dict[int | str, list[Leg]] = {}
    for leg in legs:
        if leg.ticket not in unsure:
            stays.setdefault(leg.ticket, []).append(leg)
    totals: list[float] = []
    for stay in stays.values():
        ends = [leg.ended_at for leg in stay if leg.ended_at is not None]
        if len(ends) == len(stay):
            totals.append(elapsed_seconds(min(leg.joined_at for leg in stay), max(ends)))
    return totals


def _abandonment(legs: Sequence[Leg], excluded: Counts) -> Measure:
    """Tickets that left or were called twice in vain, out of tickets that joined."""
    joined = {leg.ticket for leg in legs}
    abandoned = [leg for leg in legs if leg.is_abandoned]
    waits = sorted(_between((leg.joined_at, leg.ended_at) for leg in abandoned))
    spread = spread_of(waits) if len(waits) >= HIDDEN_BELOW else {}
    detail = {f"wait_{name}": value for name, value in spread.items()}
    tally = Tally(len({leg.ticket for leg in abandoned}), len(joined))
    return share_of(ABANDONMENT, tally, excluded=excluded, detail=detail)
