"""What changed between two texts, word by word, for people to read."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME = "same"
ADDED = "added"
REMOVED = "removed"
_WORD = re.compile(r"\s+|[\w’'-]+|[^\w\s]")


@dataclass(frozen=True)
class Segment:
    """A stretch of words with one fate."""

    fate: str
    words: str


@dataclass(frozen=True)
class BlockChange:
    """What became of one block: its two wordings with the words that differ."""

    key: str  # the names of the block on both sides, "" where it is missing
    other: str
    segments: tuple[Segment, ...]
    is_moved: bool = False

    @property
    def fate(self) -> str:
        """Added, removed, changed or same, as a whole."""
        if not self.other:
            return ADDED
        if not self.key:
            return REMOVED
        return SAME if all(s.fate == SAME for s in self.segments) else "changed"


def words_changed(before: str, after: str) -> tuple[Segment, ...]:
    """Both texts in one, with the words that came and went; lines first, so that it is quick."""
    if before == after:
        return (Segment(SAME, before),) if before else ()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    segments: list[Segment] = []
    for name, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name == "equal":
            segments.append(Segment(SAME, "".join(old[i1:i2])))
        else:
            segments += _in_lines("".join(old[i1:i2]), "".join(new[j1:j2]))
    return tuple(_joined(list(_in_phrases(segments))))


def _in_phrases(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Words that changed one after the other as one change: "by post" into "online", whole."""
    run: list[Segment] = []
    for at, segment in enumerate(segments):
        goes_on = at + 1 < len(segments) and segments[at + 1].fate != SAME
        if segment.fate != SAME or (run and goes_on and segment.words.isspace()):
            run.append(segment)
            continue
        yield from _as_one(run)
        run = []
        yield segment
    yield from _as_one(run)


def _as_one(run: Sequence[Segment]) -> Iterator[Segment]:
    if gone := before_of(run):
        yield Segment(REMOVED, gone)
    if come := after_of(run):
        yield Segment(ADDED, come)


def _in_lines(before: str, after: str) -> Iterator[Segment]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > 4_000_000)
    for name, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = "".join(old[i1:i2]), "".join(new[j1:j2])
        if name == "equal":
            yield Segment(SAME, gone)
            continue
        if gone:
            yield Segment(REMOVED, gone)
        if come:
            yield Segment(ADDED, come)


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Neighbours of one fate together."""
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].fate == segment.fate:
            joined[-1] = Segment(segment.fate, joined[-1].words + segment.words)
        else:
            joined.append(segment)
    return joined


def before_of(segments: Sequence[Segment]) -> str:
    """The older text, read back from its differences."""
    return "".join(s.words for s in segments if s.fate != ADDED)


def after_of(segments: Sequence[Segment]) -> str:
    """The newer text, read back from its differences."""
    return "".join(s.words for s in segments if s.fate != REMOVED)


@dataclass(frozen=True)
class Piece:
    """A block as far as comparing goes: what it is, and its words."""

    key: str
    kind: str
    words: str


def blocks_changed(before: Sequence[Piece], after: Sequence[Piece]) -> list[BlockChange]:
    """Every block of the newer text beside the one it comes from, and those that are gone."""
    partner = partners(before, after)
    order = [partner[piece.key].key for piece in after if piece.key in partner]
    steady = _steady(order, [piece.key for piece in before])
    changes = []
    for piece in after:
        old = partner.get(piece.key)
        changes.append(
            BlockChange(
                key=piece.key,
                other=old.key if old else "",
                segments=words_changed(old.words if old else "", piece.words),
                is_moved=bool(old) and old is not None and old.key not in steady,
            )
        )
    found = {old.key for old in partner.values()}
    for at, gone in enumerate(before):
        if gone.key not in found:
            change = BlockChange(key="", other=gone.key, segments=words_changed(gone.words, ""))
            changes.insert(min(at, len(changes)), change)
    return changes


def partners(before: Sequence[Piece], after: Sequence[Piece]) -> dict[str, Piece]:
    """Which older block each newer one continues: the same words, else the same kind in turn."""
    left = list(before)
    found: dict[str, Piece] = {}

    def pair(alike: Callable[[Piece, Piece], bool]) -> None:
        for piece in after:
            if piece.key in found:
                continue
            match = next((old for old in left if alike(old, piece)), None)
            if match is not None:
                left.remove(match)
                found[piece.key] = match

    pair(lambda old, new: old.kind == new.kind and old.words == new.words)
    pair(lambda old, new: old.kind == new.kind)
    return found


def _steady(order: Sequence[str], before: Sequence[str]) -> set[str]:
    """Those that kept their order among each other: the longest common run."""
    kept = [key for key in before if key in set(order)]
    matcher = SequenceMatcher(None, kept, list(order), autojunk=False)
    return {key for i, _j, n in matcher.get_matching_blocks() for key in kept[i : i + n]}
