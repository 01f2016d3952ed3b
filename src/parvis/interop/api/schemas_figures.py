"""The JSON of the figures of the assistant: none without its numbers and its method."""

from datetime import date

from ninja import Schema


class FigureOut(Schema):
    code: str
    name: str
    method: str
    numerator: int
    denominator: int
    value: float | None
    interval: list[float] | None


class AvoidedOut(Schema):
    """Avoided calls; `middle` is null as long as nobody told whether they would have called."""

    low: int
    middle: float | None
    high: int
    n: int
    method: str


class FiguresOut(Schema):
    month: str
    figures: list[FigureOut]
    avoided_calls: AvoidedOut


class EstimateOut(Schema):
    value: float
    low: float
    high: float


class WeekOut(Schema):
    """Telephone contacts of a week, and as the weeks before the opening would have gone on."""

    first: date
    calls: int
    after: bool
    fitted: float | None
    without: float | None


class CallsOut(Schema):
    """`verdict`: `early` (fewer than eight weeks on a side), `fewer`, `more` or `unclear`."""

    opened_on: date | None
    verdict: str
    weeks_before: int
    weeks_after: int
    season: bool
    level: EstimateOut | None
    slope: EstimateOut | None
    at_end: EstimateOut | None
    method: str
    weeks: list[WeekOut]
