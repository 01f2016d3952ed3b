"""Where the parts of the drawings stand; templates only write the numbers down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parvis.assistant.rules.deciding import Bin, Point

_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 410.0, 10.0, 184.0
TENTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Tick:
    """One number at an axis."""

    at: float
    share: float


@dataclass(frozen=True)
class Line:
    """One line of a drawing, as the points of a polyline."""

    name: str
    points: str


@dataclass(frozen=True)
class Dot:
    """One group of questions: where it should stand, where it stands, and how large."""

    x: float
    y: float
    radius: float


def _x(share: float) -> float:
    return round(_LEFT + share * (_RIGHT - _LEFT), 1)


def _y(share: float) -> float:
    return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)


ACROSS = tuple(Tick(_x(share), share) for share in TENTHS)
UP = tuple(Tick(_y(share), share) for share in TENTHS)


@dataclass(frozen=True)
class Drawing:
    """Lines or dots over two axes from 0 to 1."""

    lines: Sequence[Line] = ()
    dots: Sequence[Dot] = ()
    mark: float | None = None  # where the threshold stands
    across: Sequence[Tick] = ACROSS
    up: Sequence[Tick] = UP
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM


def curve_drawing(points: Sequence[Point], threshold: float) -> Drawing:
    """What each threshold does: three lines over the thresholds from 0 to 1."""
    given = {
        "answered": [(one.threshold, one.answered) for one in points],
        "no_sheet": [(one.threshold, one.no_sheet) for one in points],
        "off_topic": [(one.threshold, one.off_topic) for one in points],
    }
    lines = tuple(Line(name, _points(rows)) for name, rows in given.items())
    return Drawing(lines=tuple(one for one in lines if one.points), mark=_x(threshold))


def calibration_drawing(bins: Sequence[Bin]) -> Drawing:
    """What was said against what was seen; on the diagonal both are the same."""
    most = max((one.count for one in bins), default=1)
    dots = tuple(
        Dot(_x(one.said), _y(one.seen), round(4 + 7 * (one.count / most) ** 0.5, 1)) for one in bins
    )
    return Drawing(lines=(Line("same", f"{_x(0)},{_y(0)} {_x(1)},{_y(1)}"),), dots=dots)


def _points(rows: Iterable[tuple[float, float | None]]) -> str:
    return _joined((_x(across), _y(share)) for across, share in rows if share is not None)


@dataclass(frozen=True)
class WeekDots:
    """Weeks from left to right: what was counted, the two lines, and the opening."""

    dots: Sequence[Dot]
    lines: Sequence[Line]
    up: Sequence[Tick]
    mark: float | None
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM


def weeks_drawing(
    counted: Sequence[float],
    before: int,
    *,
    fitted: Sequence[float] = (),
    without: Sequence[float] = (),
) -> WeekDots:
    """Weekly counts; after the opening the line that was seen and the one that was expected."""
    most = max([*counted, *fitted, *without, 1.0])
    last = max(1, len(counted) - 1)

    def place(week: int, value: float) -> tuple[float, float]:
        return _x(week / last), _y(max(0.0, value) / most)

    def line(name: str, values: Sequence[float], start: int) -> Line:
        return Line(name, _joined(place(start + n, value) for n, value in enumerate(values)))

    lines = [
        line("answered", fitted[:before], 0),
        line("answered", fitted[before:], before),
        line("no_sheet", without[before:], before),
    ]
    spots = (place(week, value) for week, value in enumerate(counted))
    return WeekDots(
        dots=tuple(Dot(x, y, 3.0) for x, y in spots),
        lines=tuple(one for one in lines if one.points),
        up=tuple(Tick(_y(share), round(most * share)) for share in (0.0, 0.5, 1.0)),
        mark=_x((before - 0.5) / last) if 0 < before < len(counted) else None,
    )


def _joined(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
