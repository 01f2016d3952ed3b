"""What people were told about their wait, and how it went."""

from dataclasses import dataclass
from datetime import date, datetime

from parvis.common.clock import elapsed_seconds
from parvis.quality.queries.legs import tickets_of
from parvis.quality.queries.perimeter import Frame
from parvis.quality.rules.promises import APPOINTMENT, LET_PASS, NOTHING, WAITING, Promise
from parvis.queue.rules.announced import Told

_COLUMNS = (
    "id", "day", "announced_low", "announced_high", "booked_at", "let_past",
    "issued_at", "called_at", "ended_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Announced:
    """What one ticket of one day was told."""

    ticket: int
    day: date
    promise: Promise


def announced(frame: Frame, first: date, last: date) -> list[Announced]:
    """What was announced on some local days, in one query."""
    rows = tickets_of(frame, first, last).order_by()
    return [
        Announced(ticket, day, _promise(*told))
        for ticket, day, *told in rows.values_list(*_COLUMNS).iterator(chunk_size=5000)
    ]


def _promise(
    low: int | None,
    high: int | None,
    booked: datetime | None,
    let_past: int,
    issued: datetime,
    called: datetime | None,
    ended: datetime | None,
) -> Promise:
    if booked is not None:
        return Promise(left_out=APPOINTMENT)
    if low is None or high is None:
        return Promise(left_out=NOTHING)
    if let_past:
        return Promise(left_out=LET_PASS)
    end = called or ended
    if end is None:
        return Promise(left_out=WAITING)
    waited = max(0.0, elapsed_seconds(issued, end) / 60)
    return Promise(Told(low, high, waited, was_called=called is not None))
