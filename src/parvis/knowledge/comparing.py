"""Two wordings of a sheet side by side, as a page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from parvis.knowledge import drafting, rules
from parvis.knowledge.presentation import HEADINGS, LEVELS
from parvis.knowledge.rules import Block, diffs


@dataclass(frozen=True)
class Row:
    """One part of a sheet, with the words that came and went."""

    heading: str
    segments: Sequence[diffs.Segment]
    fate: str  # same, changed, added, removed
    notes: Sequence[str] = ()  # a new level, another place, another form

    @property
    def is_quiet(self) -> bool:
        """Nothing to look at."""
        return self.fate == diffs.SAME and not self.notes


class Worded(Protocol):
    """Anything with the words of a sheet: a version, another text, a copy of one."""

    title: Any
    short_answer: Any
    blocks: Any


def rows(before: Worded | None, after: Worded) -> list[Row]:
    """Title, short answer and every block of the newer wording beside the older."""
    found = [
        _line(_("Title"), before.title if before else "", after.title),
        _line(_("To say"), before.short_answer if before else "", after.short_answer),
    ]
    return [*found, *_blocks(before.blocks if before else [], after.blocks)]


def _line(heading: str, before: str, after: str) -> Row:
    segments = diffs.words_changed(before, after)
    return Row(heading, segments, diffs.SAME if before == after else "changed")


def _blocks(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Row]:
    old = {f"v{n}": block for n, block in enumerate(before, start=1)}
    new = {f"v{n}": block for n, block in enumerate(after, start=1)}
    for change in diffs.blocks_changed(drafting.words_of(before), drafting.words_of(after)):
        was, now = old.get(change.other), new.get(change.key)
        block = now or was
        assert block is not None  # noqa: S101 - a change is of a block
        heading = str(HEADINGS.get(block["kind"], _("Part")))
        notes = tuple(_notes(was, now, change)) if was and now else ()
        yield Row(heading, change.segments, change.fate, notes)


def _notes(was: Block, now: Block, change: diffs.BlockChange) -> Iterator[str]:
    if (was["level"], was.get("until")) != (now["level"], now.get("until")):
        words = {"before": level_words(was), "after": level_words(now)}
        yield _("Who may read it: %(before)s, now %(after)s") % words
    if change.is_moved:
        yield _("Moved to another place")
    if change.fate == diffs.SAME and was["html"] != now["html"]:
        yield _("Same words, other form (bold, list, link)")


def level_words(block: Block) -> str:
    """The level of a block, with its day."""
    level = block["level"] if block["level"] in LEVELS else rules.INTERNAL
    words = str(LEVELS[level][1])
    return f"{words} ({block['until']})" if block.get("until") else words
