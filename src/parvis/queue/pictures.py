"""The words of a slip as a picture: for scripts that ticket printers have no signs of."""

import importlib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

FONT: Final = Path(__file__).parent / "fonts" / "DejaVuSans-slips.ttf"
DOTS_A_SIGN: Final = 12  # of the usual size of ESC/POS printers, of which the width is told
SIZE: Final = 28  # dots: 3.5 mm, as tall as the printer's own
LEADING: Final = 40
_OTHERS: Final = ("ARABIC", "CYRILLIC")


def needs_picture(lines: Iterable[str]) -> bool:
    """Is there a sign that few printers have?"""
    signs = {sign for line in lines for sign in line}
    return any(unicodedata.name(sign, "").startswith(_OTHERS) for sign in signs)


def can_join() -> bool:
    """Can this machine join Arabic letters? Pillow asks the library FriBiDi for it."""
    return bool(_pillow("features").check("raqm"))


def can_print(language: str) -> bool:
    """Are the words of a slip printed in this language here?"""
    return language != "ar" or can_join()


def picture_of(lines: Iterable[str], width: int) -> Any:
    """The lines, centred one below the other, black on white, as wide as the paper."""
    dots = width * DOTS_A_SIGN
    rows = [row for line in lines for row in _wrapped(line, dots)]
    picture = _pillow("Image").new("L", (dots, LEADING * len(rows) + LEADING // 2), 255)
    draw = _pillow("ImageDraw").Draw(picture)
    for place, row in enumerate(rows):
        at = (dots // 2, LEADING * place + LEADING)
        draw.text(at, row, fill=0, font=_font(), anchor="ms", **_towards(row))
    return picture.point(lambda shade: 255 * (shade > 128)).convert("1")


def _wrapped(text: str, dots: int) -> list[str]:
    """A line of words that the paper holds, broken between words."""
    rows, row = [], ""
    for word in text.split(" "):
        longer = f"{row} {word}".strip()
        if row and _font().getlength(longer, **_towards(longer)) > dots:
            rows.append(row)
            longer = word
        row = longer
    return [*rows, row]


def _towards(text: str) -> dict[str, str]:
    """Which way a line is read: from its first letter on, as a page does."""
    if not can_join():
        return {}
    first = next((unicodedata.bidirectional(sign) for sign in text if sign.isalpha()), "L")
    return {"direction": "rtl" if first in {"R", "AL"} else "ltr"}


@cache
def _font() -> Any:
    return _pillow("ImageFont").truetype(str(FONT), SIZE)


def _pillow(module: str) -> Any:
    # Loaded by the first such slip only: pages never need it.
    return importlib.import_module(f"PIL.{module}")
