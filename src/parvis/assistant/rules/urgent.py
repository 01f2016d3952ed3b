"""Messages that no sheet should answer first: emergencies, violence, distress."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from parvis.assistant.rules.words import folded

_TABLE = Path(__file__).resolve().parents[1] / "urgent.json"


@dataclass(frozen=True)
class Number:
    """A number to call, and what for."""

    number: str
    words: str


@dataclass(frozen=True)
class Urgent:
    """What sort of emergency it may be, and who helps at once."""

    kind: str
    numbers: Sequence[Number]


def urgent(text: str, language: str = "fr") -> Urgent | None:
    """The emergency that a message speaks of, in French or English, if it speaks of one."""
    said = folded(text)
    table = _table()
    for kind in table["kinds"]:
        for phrase in kind["not"]:
            said = said.replace(f" {phrase} ", " ")
        if any(f" {phrase} " in said for phrase in (*kind["fr"], *kind["en"])):
            return Urgent(kind["kind"], numbers(kind["numbers"], language))
    return None


def numbers(wanted: Sequence[str], language: str) -> list[Number]:
    """These numbers with what they are for, in the language of the reader."""
    known = _table()["numbers"]
    return [Number(one, known[one].get(language, known[one]["fr"])) for one in wanted]


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table
