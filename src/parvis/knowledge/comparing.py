"""Two wordings of a sheet side by side, as a page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from parvis.knowledge import drafting, markup, queries, rules
from parvis.knowledge.models import Overlay, SheetVersion
from parvis.knowledge.presentation import HEADINGS, LEVELS
from parvis.knowledge.rules import Block, diffs, overlays, sharing


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


@dataclass(frozen=True)
class Under:
    """Local words beside what became of the part below them."""

    overlay: Overlay
    html: SafeString
    heading: str
    below: Sequence[diffs.Segment]  # the part as it was and as it is
    fate: str  # of that part: same, changed, removed
    level: str

    @property
    def is_same(self) -> bool:
        """Other parts of the sheet changed, not this one."""
        return self.fate == diffs.SAME


def under(overlay: Overlay) -> Under:
    """What changed below local words since their author looked; for who reads the sheet."""
    seen, now = overlay.version, overlay.sheet.current
    if overlay.position == overlays.SHORT:
        return _under_short(overlay)
    was = _part(seen, overlay.position)
    moved = {}
    if now is not None and now.pk != seen.pk:
        before, after = drafting.words_of(seen.blocks), drafting.words_of(now.blocks)
        moved = overlays.places(before, after)
    place = overlays.place_of(overlay.position, moved if moved else None)
    become = _part(now, place.number) if _is_read(now, place.number, overlay) else ""
    segments = diffs.words_changed(was, become)
    fate = diffs.SAME if was == become else "changed"
    if place.number == overlays.GONE or (was and not become):
        fate = diffs.REMOVED
    return Under(
        overlay,
        mark_safe(markup.clean(overlay.html)),  # noqa: S308 - cleaned here
        overlay.title or str(HEADINGS.get(overlay.kind, "")),
        segments,
        fate,
        level_words(queries.block_of(overlay)),
    )


def _under_short(overlay: Overlay) -> Under:
    now = overlay.sheet.current
    was, become = overlay.version.short_answer, now.short_answer if now else ""
    return Under(
        overlay,
        mark_safe(markup.clean(overlay.html)),  # noqa: S308 - cleaned here
        str(HEADINGS[overlays.SHORT_KIND]),
        diffs.words_changed(was, become),
        diffs.SAME if was == become else "changed",
        level_words(queries.block_of(overlay)),
    )


def _part(version: SheetVersion | None, number: int) -> str:
    if version is None or not 0 < number <= len(version.blocks):
        return ""
    return drafting.words_of([version.blocks[number - 1]])[0].words


def _is_read(version: SheetVersion | None, number: int, overlay: Overlay) -> bool:
    """Does the house of the overlay read this part? Not when its owner took it inside."""
    if version is None or not 0 < number <= len(version.blocks):
        return False
    is_national = overlay.sheet.authority_id is None
    return is_national or sharing.crosses(version.blocks[number - 1], timezone.localdate())


@dataclass(frozen=True)
class Beside:
    """Public local words of another house beside the part they stand on."""

    overlay: Overlay
    heading: str
    segments: Sequence[diffs.Segment]


def beside(overlay: Overlay) -> Beside:
    """What a house adds, says instead or leaves out, as a difference to the part below."""
    below = _part(overlay.version, overlay.position)
    if overlay.position == overlays.SHORT:
        below = overlay.version.short_answer
    elif not _is_read(overlay.version, overlay.position, overlay):
        below = ""
    words = markup.words(markup.clean(overlay.html))
    heading = overlay.title or str(HEADINGS.get(overlay.kind, ""))
    if overlay.act == overlays.AFTER:
        return Beside(overlay, heading, diffs.words_changed("", words))
    return Beside(overlay, heading, diffs.words_changed(below, words))
