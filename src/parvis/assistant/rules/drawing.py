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
    return " ".join(f"{_x(across)},{_y(share)}" for across, share in rows if share is not None)
