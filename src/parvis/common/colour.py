"""Colours that can be read: contrast as WCAG 2.2 computes it."""

import re

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_STEPS = 40


def is_colour(text: str) -> bool:
    """Whether the text is a colour in six digits, such as #0b5c6b."""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """How far apart two colours are for the eye, from 1 (the same) to 21 (black on white)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def nearest_legible(colour: str, ground: str, least: float) -> str:
    """The first colour on the way to black that reads on the ground with at least this contrast."""
    red, green, blue = _channels(colour)
    for step in range(_STEPS + 1):
        left = 1 - step / _STEPS
        shade = "#" + "".join(f"{int(part * left):02x}" for part in (red, green, blue))
        if contrast(shade, ground) >= least:
            return shade
    return "#000000"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
