"""Words and data become tagged PDF (PDF/UA-1), the same bytes whenever they are asked for."""

import json
import re
import threading
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst

FONTS: Final = Path(__file__).parent / "fonts"
UNKNOWN: Final = "□"  # a letter that none of our fonts can draw
_UNDRAWN: Final = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_TRIES: Final = 12
_local = threading.local()


@cache
def _source(name: str) -> bytes:
    return files("parvis.letters").joinpath("typst", f"{name}.typ").read_bytes()


def _compiler() -> typst.Compiler:
    """One for each thread: reading the fonts costs thirty times what a letter costs."""
    if not hasattr(_local, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
        _local.compiler = typst.Compiler(font_paths=fonts)
    found: typst.Compiler = _local.compiler
    return found


def pdf(name: str, data: dict[str, Any]) -> bytes:
    """The document as PDF/UA-1; nothing in it depends on the clock or on the machine."""
    text = _plain(json.dumps(data, ensure_ascii=False, sort_keys=True))
    for _try in range(_TRIES):
        try:
            return _pdf(name, text)
        except typst.TypstError as error:
            undrawn = set("".join(_UNDRAWN.findall(error.diagnostic)))
            if not undrawn:
                raise
            text = "".join(UNKNOWN if one in undrawn else one for one in text)
    # A text of nothing but rare signs: all that is beyond the common alphabets goes.
    return _pdf(name, "".join(one if ord(one) < 0x250 else UNKNOWN for one in text))


def _pdf(name: str, text: str) -> bytes:
    made: bytes = _compile(name, text, format="pdf", pdf_standards=["ua-1"])
    return made


def png(name: str, data: dict[str, Any], *, ppi: int = 72) -> bytes:
    """The first page as a picture, for looking at it."""
    made: bytes | list[bytes] = _compile(
        name, _plain(json.dumps(data, ensure_ascii=False)), format="png", ppi=ppi
    )
    return made if isinstance(made, bytes) else made[0]


def _compile(name: str, text: str, **how: Any) -> Any:
    return _compiler().compile(_source(name), sys_inputs={"data": text}, timestamp=0, **how)


def _plain(text: str) -> str:
    """One form for each letter, and no sign that turns the direction of what follows."""
    composed = unicodedata.normalize("NFC", text).replace("\u202f", "\u00a0")
    return "".join(one for one in composed if unicodedata.category(one) not in {"Cf", "Cs", "Co"})
