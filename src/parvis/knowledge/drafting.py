"""Between what people type and what a sheet holds: drafts out of versions, versions out of drafts.

A block that nobody touched keeps its HTML byte by byte, so that a version only differs where
somebody changed something.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from parvis.knowledge import lightmark, markup, queries, rules
from parvis.knowledge.models import Sheet, SheetDraft, SheetVersion
from parvis.knowledge.rules import Block, diffs, readability, writing
from parvis.knowledge.rules.writing import DraftBlock, Writing


def of_version(sheet: Sheet, version: SheetVersion | None) -> Writing:
    """A version as it is edited; without one the empty template."""
    if version is None:
        return Writing(
            title=sheet.title,
            short_answer="",
            blocks=writing.template(is_protocol=sheet.nature == Sheet.Nature.PROTOCOL),
            about=about_of(sheet),
        )
    return Writing(
        title=version.title,
        short_answer=version.short_answer,
        blocks=[_draft_block(n, block) for n, block in enumerate(version.blocks, start=1)],
        about=about_of(sheet),
    )


def _draft_block(number: int, block: Block) -> DraftBlock:
    made = DraftBlock(
        id=f"b{number}",
        kind=block["kind"],
        title=block["title"],
        level=block["level"],
        text=lightmark.to_text(block["html"]),
    )
    if block.get("until"):
        made["until"] = block["until"]
    if block["kind"] == rules.STEP:
        made |= {part: block.get(part, "") for part in rules.STEP_PARTS}  # type: ignore[typeddict-item]
    return made


def about_of(sheet: Sheet) -> dict[str, object]:
    """What stands beside the words of a sheet, as plain values."""
    topics = sheet.topics.order_by("pk").values_list("pk", flat=True) if sheet.pk else []
    return {
        "service": sheet.service_id,
        "keeper": sheet.keeper_id,
        "topics": list(topics),
        "keywords": sheet.keywords,
        "asked": sheet.asked,
        "breadcrumb": sheet.breadcrumb,
        "is_public": sheet.is_public,
        "review_every_days": sheet.review_every_days,
        "source_note": sheet.source_note,
        "source_url": sheet.source_url,
    }


def blocks_of(drafted: Sequence[DraftBlock], based_on: SheetVersion | None) -> list[Block]:
    """The blocks of the version that a draft becomes; empty ones of the template are left out."""
    known = list(based_on.blocks) if based_on else []
    return [_block(one, known) for one in drafted if writing.is_written(one)]


def _block(drafted: DraftBlock, known: Iterable[Block]) -> Block:
    html = lightmark.to_html(drafted["text"])
    untouched = next(
        (b["html"] for b in known if b["kind"] == drafted["kind"]
         and (b["html"] == html or lightmark.same(b["html"], html))),
        html,
    )  # fmt: skip
    block = Block(
        kind=drafted["kind"], title=drafted["title"], level=drafted["level"], html=untouched
    )
    if drafted.get("until"):
        block["until"] = drafted["until"]
    if drafted["kind"] == rules.STEP:
        block |= {part: drafted.get(part, "") for part in rules.STEP_PARTS}  # type: ignore[typeddict-item]
    return block


def unsaved_version(draft: SheetDraft, *, now: datetime) -> SheetVersion:
    """The version that this draft would become, for a look at it."""
    return SheetVersion(
        sheet=draft.sheet,
        number=(draft.based_on.number if draft.based_on else 0) + 1,
        title=draft.title or draft.sheet.ref,
        short_answer=draft.short_answer,
        blocks=blocks_of(draft.blocks, draft.based_on),
        published_at=now,
    )


def as_published(draft: SheetDraft, *, now: datetime) -> Sheet:
    """The sheet as it would be with this draft in force, for a trial: nothing of it is kept."""
    sheet, version = copy(draft.sheet), unsaved_version(draft, now=now)
    version.text = queries.public_words(version.short_answer, version.blocks)
    sheet.title, sheet.state, sheet.current = version.title, Sheet.State.PUBLISHED, version
    make_found(sheet, draft.about)
    return sheet


def make_found(sheet: Sheet, about: Mapping[str, Any]) -> None:
    """Put on a sheet what a draft says of how it is found, and by whom; nothing is saved."""
    sheet.keywords = str(about.get("keywords", ""))
    sheet.asked = writing.asked_lines(str(about.get("asked", sheet.asked)))
    sheet.breadcrumb = str(about.get("breadcrumb", ""))[:400]
    sheet.is_public = bool(about.get("is_public", True))


def words_of(blocks: Iterable[Block]) -> list[diffs.Piece]:
    """Blocks as they are compared: heading, level and words, one under the other."""
    return [
        diffs.Piece(f"v{n}", block["kind"], _block_words(block))
        for n, block in enumerate(blocks, start=1)
    ]


def _block_words(block: Block) -> str:
    title = f"{block['title']}\n" if block["title"] else ""
    parts = [block[part] for part in rules.STEP_PARTS if block.get(part)]  # type: ignore[literal-required]
    beside = f"\n{' · '.join(parts)}" if parts else ""
    return title + markup.words(block["html"]) + beside


def reading_of(short_answer: str, blocks: Iterable[DraftBlock]) -> readability.Reading | None:
    """How easily people read what is meant for them; notes for colleagues do not count."""
    words = [short_answer]
    for block in blocks:
        if block["level"] == rules.PUBLIC and block["kind"] not in {"legal", "online"}:
            words.append(markup.words(lightmark.to_html(block["text"])))
    return readability.reading("\n".join(words))
