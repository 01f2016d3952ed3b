"""Decisions about the look: contrast of an authority's colours, geometry of an interval bar."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.common.clock import elapsed_seconds

HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
WORDS = 4.5  # WCAG 2.2, 1.4.3: contrast of words on their ground
WHITE, INK, ON_DARK, ON_DEEP = "#ffffff", "#1b1f23", "#06272e", "#f4f1ea"
LIGHT_GROUNDS = (WHITE, "#fbfaf7", "#f3f0e9")
DARK_GROUNDS = ("#1d2326", "#15191b", "#111416")


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """How much light a colour gives, from 0 (black) to 1 (white), as WCAG defines it."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far apart two colours are for the eye, from 1 (the same) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def is_colour(text: str) -> bool:
    """Whether the text is a colour written in six digits, such as #0b5c6b."""
    return HEX.fullmatch(text) is not None


def mix(colour: str, other: str, share: float) -> str:
    """The colour with a share of another one stirred in."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _move_until(colour: str, towards: str, enough: Callable[[str], bool]) -> str:
    """The first colour on the way to black or white that is good enough, or its end."""
    steps = (mix(colour, towards, step / 40) for step in range(41))
    return next((shade for shade in steps if enough(shade)), towards)


def is_legible(colour: str, grounds: tuple[str, ...], on: str, least: float = WORDS) -> bool:
    """Whether words in this colour read on every ground, and words on it read as well."""
    return all(contrast(colour, ground) >= least for ground in (*grounds, on))


@dataclass(frozen=True)
class Shades:
    """The four colours an authority sets, for one mode."""

    action: str
    action_strong: str
    action_soft: str
    on_action: str
    deep: str


def light_shades(action: str, deep: str) -> Shades:
    """The authority's colours for the light mode, darkened as far as reading needs it."""
    soft = mix(action, WHITE, 0.89)
    grounds = (*LIGHT_GROUNDS, soft)
    shade = _move_until(action, "#000000", lambda c: is_legible(c, grounds, WHITE))
    strong = _move_until(
        mix(shade, "#000000", 0.22), "#000000", lambda c: is_legible(c, grounds, WHITE, 7)
    )
    return Shades(shade, strong, soft, WHITE, _deep(deep))


def dark_shades(action: str, deep: str) -> Shades:
    """The authority's colours for the dark mode, lightened as far as reading needs it."""
    soft = mix(DARK_GROUNDS[0], action, 0.28)
    grounds = (*DARK_GROUNDS, soft)
    shade = _move_until(
        mix(action, WHITE, 0.35), WHITE, lambda c: is_legible(c, grounds, ON_DARK, 7)
    )
    return Shades(shade, mix(shade, WHITE, 0.35), soft, ON_DARK, _deep(mix(deep, "#000000", 0.25)))


def _deep(colour: str) -> str:
    return _move_until(colour, "#000000", lambda c: contrast(c, ON_DEEP) >= 7)


@dataclass(frozen=True)
class IntervalBar:
    """Where the parts of an interval bar stand, in the units of a 300 x 44 drawing."""

    low: float
    width: float
    point: float
    goal: float | None

    @property
    def label_anchor(self) -> str:
        """Which side of the goal's label hangs on its mark, so that no word leaves the drawing."""
        if self.goal is None or 60 <= self.goal <= BAR - 60:
            return "middle"
        return "start" if self.goal < 60 else "end"

    @property
    def label_at(self) -> float:
        """Where the goal's label hangs: on its mark, or at the nearer end of the drawing."""
        return {"middle": self.goal or 0, "start": 0, "end": BAR}[self.label_anchor]


BAR = 300


def interval_bar(
    value: float, low: float, high: float, goal: float | None, scale: tuple[float, float]
) -> IntervalBar:
    """The places of a value, its interval and its goal on a scale, at most at its ends."""
    floor, ceiling = scale

    def place(number: float) -> float:
        share = (number - floor) / ((ceiling - floor) or 1)
        return round(BAR * min(max(share, 0), 1), 1)

    return IntervalBar(
        low=place(low),
        width=round(max(place(high) - place(low), 2), 1),
        point=place(value),
        goal=None if goal is None else place(goal),
    )


def telephone_address(number: str) -> str:
    """What a link to a telephone number holds: its digits, with the plus sign if there is one."""
    digits = re.sub(r"[^0-9+]", "", number)
    return f"tel:{digits}" if digits else ""


TOKENS = ("action", "action_strong", "action_soft", "on_action", "deep")
OWN_ACTION, OWN_DEEP = "#0b5c6b", "#0a3a43"  # already tuned by hand in theme.css


def stylesheet(action: str, deep: str) -> str:
    """The tokens of an authority for both modes; nothing for the colours of the house."""
    if not (is_colour(action) and is_colour(deep)) or (action, deep) == (OWN_ACTION, OWN_DEEP):
        return ""
    light, dark = light_shades(action, deep), dark_shades(action, deep)
    lines = "\n".join(
        f"  --pv-{name.replace('_', '-')}: "
        f"var(--light, {getattr(light, name)}) var(--dark, {getattr(dark, name)});"
        for name in TOKENS
    )
    # More contrast is somebody's need and wins over the colours of the house.
    plain = ":root:not([data-contrast])"
    return (
        "@media not all and (prefers-contrast: more) {\n"
        f"{plain}, {plain} [data-bs-theme] {{\n{lines}\n}}\n}}\n"
    )


KEPT_IN_THE_BROWSER = timedelta(hours=1)


def made_at(told: datetime, now: datetime) -> datetime | None:
    """When a gesture that waited for the network was made; None when that is too long ago.

    The browser tells the time by our clock; a clock that jumped makes no gesture of the future.
    """
    waited = max(elapsed_seconds(told, now), 0.0)
    if waited > KEPT_IN_THE_BROWSER.total_seconds():
        return None
    return now - timedelta(seconds=waited)
