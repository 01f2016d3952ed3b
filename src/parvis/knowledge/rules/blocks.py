"""What a block of a sheet is, who may read it, and when two wordings are the same."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import NotRequired, TypedDict

from parvis.knowledge.rules.paths import Path

PUBLIC = "public"  # everybody reads it
ASKED = "asked"  # an agent says it when somebody asks
INTERNAL = "internal"  # stays inside
EMBARGO = "embargo"  # stays inside until the day in "until"
LEVELS = (PUBLIC, ASKED, INTERNAL, EMBARGO)


class Local(TypedDict):
    """Who laid local words, when, and whether the text below changed since."""

    id: int
    by: str
    on: str  # ISO date
    check: bool
    act: str
    note: str


class Block(TypedDict):
    """One part of a sheet, with its own disclosure level."""

    kind: str
    title: str
    level: str
    html: str
    until: NotRequired[str]
    # Of a step of a reception protocol: who does it, with what, by when.
    role: NotRequired[str]
    support: NotRequired[str]
    delay: NotRequired[str]
    # Only in the text as one authority reads it, never in a version: rules/overlays.py.
    local: NotRequired[Local]  # these words are the authority's own
    hidden: NotRequired[Local]  # not shown here: local words stand instead, or nothing does


STEP = "step"
STEP_PARTS = ("role", "support", "delay")


def is_public(block: Block, today: date) -> bool:
    """Whether the public may read this block today; what is not known stays inside."""
    return not block.get("hidden") and is_open(block, today)


def is_open(block: Block, today: date) -> bool:
    """Whether its level and its day let the words out."""
    level = block.get("level", INTERNAL)
    if level == EMBARGO:
        until = block.get("until", "")
        return bool(until) and until <= today.isoformat()
    return level == PUBLIC


def content_hash(
    *,
    title: str,
    short_answer: str,
    blocks: Sequence[Block],
    language: str,
    path: Path | None = None,
) -> str:
    """The same for the same words and questions, so that importing twice changes nothing."""
    words: list[object] = [
        title, short_answer, language, [sorted(block.items()) for block in blocks],
    ]  # fmt: skip
    if path:
        words.append(json.dumps(path, sort_keys=True, ensure_ascii=False))
    canonical = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
