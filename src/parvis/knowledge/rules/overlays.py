"""Local words over the blocks of somebody else's text: where they stand, what they cover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from parvis.knowledge.rules import diffs
from parvis.knowledge.rules.blocks import EMBARGO, PUBLIC, Block, Local

AFTER = "after"
REPLACE = "replace"
HIDE = "hide"
ACTS = (AFTER, REPLACE, HIDE)
TOP = 0  # above the first block
SHORT = -1  # over the short answer, which is no block
SHORT_KIND = "short_answer"

# What a local word can be: said at the desk, not only "more words".
KINDS = (
    "cost", "where", "documents", "warning", "delay", "online", "explanation", "steps",
    "for_whom", "internal",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a block of an older text is in the text of today."""

    number: int  # counted from one; TOP for the top, GONE when there is no such block any more
    is_same: bool  # the words below are those that the author of an overlay saw


GONE = -2


@dataclass(frozen=True)
class Layer:
    """Local words as plain values, at their place in the text of today."""

    act: str
    block: Block  # without words when it only hides
    place: Place
    local: Local

    @property
    def covers(self) -> bool:
        """Takes the place of a block; never of words that its author has not seen."""
        return self.act in {REPLACE, HIDE} and self.place.number > 0 and self.place.is_same


def places(before: Sequence[diffs.Piece], after: Sequence[diffs.Piece]) -> dict[int, Place]:
    """For every block of an older text, its place in the newer one."""
    partner = diffs.partners(before, after)
    found = {TOP: Place(TOP, True)}
    came = {old.key: key for key, old in partner.items()}
    number = {piece.key: n for n, piece in enumerate(after, start=1)}
    words = {piece.key: piece.words for piece in after}
    for n, piece in enumerate(before, start=1):
        key = came.get(piece.key)
        if key is None:
            found[n] = Place(GONE, False)
        else:
            found[n] = Place(number[key], words[key] == piece.words)
    return found


def place_of(position: int, moved: Mapping[int, Place] | None) -> Place:
    """Where an overlay stands: ``moved`` is None while the text is the one its author saw."""
    if moved is None:
        return Place(position, True)
    return moved.get(position, Place(GONE, False))


@dataclass
class _Around:
    """What is laid at one block."""

    covers: list[Layer] = field(default_factory=list)
    after: list[Layer] = field(default_factory=list)


def merged(blocks: Sequence[Block], layers: Sequence[Layer]) -> list[Block]:
    """The text with the local words in it; what they cover stays, marked as not shown here.

    Words whose place is gone stand at the end: local words are never lost.
    """
    around: dict[int, _Around] = {}
    for layer in layers:
        at = layer.place.number if layer.place.number in range(len(blocks) + 1) else GONE
        here = around.setdefault(at, _Around())
        if layer.covers and at != GONE:
            here.covers.append(layer)
        if layer.act != HIDE:
            here.after.append(layer)
    found = _said(around.get(TOP))
    for number, block in enumerate(blocks, start=1):
        here = around.get(number, _Around())
        shown = block
        if here.covers:
            shown = block.copy()
            shown["hidden"] = here.covers[-1].local
        found += [shown, *_said(here)]
    return found + _said(around.get(GONE))


def _said(around: _Around | None) -> list[Block]:
    said = []
    for layer in around.after if around else ():
        block = layer.block.copy()
        block["local"] = layer.local
        said.append(block)
    return said


@dataclass(frozen=True)
class ShortLayer:
    """Local words over the short answer."""

    act: str
    words: str
    is_same: bool  # the short answer is the one that their author saw
    local: Local


@dataclass(frozen=True)
class Short:
    """The short answer as one authority says it."""

    text: str
    local: Local | None = None  # some of these words are the authority's own
    covered: str = ""  # what the text says and this authority does not


def short_said(answer: str, layers: Sequence[ShortLayer]) -> Short:
    """The own words first; the text stays beside words that were to replace an older one."""
    if not layers:
        return Short(answer)
    instead = [layer for layer in layers if layer.act == REPLACE]
    covers = any(layer.is_same for layer in instead)
    said = [layer.words for layer in instead]
    said += [] if covers else [answer]
    said += [layer.words for layer in layers if layer.act == AFTER]
    mark = layers[-1].local.copy()
    mark["check"] = any(layer.local["check"] for layer in layers)
    text = "\n".join(words for words in said if words)
    return Short(text, mark, answer if covers else "")


def without_marks(blocks: Sequence[Block]) -> list[Block]:
    """The merged text as a text of its own: what is covered left out, local words as any other."""
    kept = []
    for block in blocks:
        if not block.get("hidden"):
            plain = {name: value for name, value in block.items() if name != "local"}
            kept.append(cast(Block, plain))
    return kept


def lacking(*, act: str, kind: str, words: str, level: str, until: str, position: int) -> str:
    """What local words lack before they can be laid; the name of the field, or nothing."""
    if position == SHORT:
        return _lacking_short(act, words, level)
    if act not in ACTS or (act != AFTER and position < 1):
        return "act"
    if act == HIDE:
        return ""
    if kind not in KINDS:
        return "kind"
    if not words.strip():
        return "text"
    return "until" if level == EMBARGO and not until else ""


def _lacking_short(act: str, words: str, level: str) -> str:
    """The short answer is said to everybody: so is what replaces it, and nobody is left without."""
    if act not in {AFTER, REPLACE}:
        return "act"
    if not words.strip():
        return "text"
    return "" if level == PUBLIC else "level"
