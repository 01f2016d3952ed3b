"""How a sheet is written: its template, the moves of a draft, and who may make them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NotRequired, TypedDict

from parvis.common.text import one_line
from parvis.knowledge.rules.blocks import EMBARGO, INTERNAL, LEVELS, PUBLIC, STEP, STEP_PARTS

# The template: what a complete sheet answers, in the order in which people ask.
TEMPLATE = (
    "for_whom", "explanation", "steps", "documents", "cost", "delay", "where", "online", "legal",
    "internal", "warning",
)  # fmt: skip
KINDS = (*TEMPLATE, "coming", "related", "more")
# A reception protocol is a sheet of steps.
PROTOCOL_TEMPLATE = ("for_whom", STEP, STEP, STEP, "warning", "legal")
PROTOCOL_KINDS = ("for_whom", STEP, "explanation", "warning", "legal", "related")
INSIDE = frozenset({"internal", STEP})  # kinds whose first level is not public
MOST_BLOCKS = 60
LONGEST_ASKED = 3000  # letters: how people ask for a sheet, all lines together

WRITING = "writing"
PROPOSED = "proposed"
RETURNED = "returned"
PUBLISHED = "published"
ABANDONED = "abandoned"
OPEN = frozenset({WRITING, PROPOSED, RETURNED})
MOVES: dict[str, frozenset[str]] = {
    WRITING: frozenset({PROPOSED, PUBLISHED, ABANDONED}),
    PROPOSED: frozenset({WRITING, RETURNED, PUBLISHED, ABANDONED}),
    RETURNED: frozenset({PROPOSED, PUBLISHED, ABANDONED}),
    PUBLISHED: frozenset(),
    ABANDONED: frozenset({WRITING}),  # taken up again
}
CHECK_WITHIN = timedelta(days=7)  # an urgent correction is looked at again within this


class DraftBlock(TypedDict):
    """A block while it is written: what was typed, under a name that moving does not change."""

    id: str
    kind: str
    title: str
    level: str
    text: str
    until: NotRequired[str]
    role: NotRequired[str]
    support: NotRequired[str]
    delay: NotRequired[str]


class Writing(TypedDict):
    """Everything that one person wrote, as it is kept and compared."""

    title: str
    short_answer: str
    blocks: list[DraftBlock]
    about: dict[str, object]


def may_move(state: str, target: str) -> bool:
    """Is this a lawful move of a draft?"""
    return target in MOVES[state]


def may_write(may: Callable[[str], bool], *, own_service: bool) -> bool:
    """Writing into the sheets of the house, or into those of one's own service."""
    return may("knowledge.write") or (own_service and may("knowledge.write_own"))


def may_validate(may: Callable[[str], bool], *, own_service: bool) -> bool:
    """Letting a text become what everybody reads: the owning service, the editor, the head."""
    return may("knowledge.validate") or (own_service and may("knowledge.validate_own"))


def may_publish(
    may: Callable[[str], bool], *, own_service: bool, wrote_it: bool, is_alone: bool
) -> bool:
    """Nobody waves their own text through, except the owning service and who is alone."""
    if not may_validate(may, own_service=own_service):
        return False
    return not wrote_it or (own_service and may("knowledge.validate_own")) or is_alone


def template(*, is_protocol: bool = False) -> list[DraftBlock]:
    """The empty blocks of a new sheet or protocol."""
    blocks: list[DraftBlock] = []
    for kind in PROTOCOL_TEMPLATE if is_protocol else TEMPLATE:
        blocks.append(new_block(kind, blocks))
    return blocks


def new_block(kind: str, among: Sequence[DraftBlock]) -> DraftBlock:
    """An empty block with a name that none of the others ever had."""
    taken = [int(block["id"][1:]) for block in among if block["id"][1:].isdigit()]
    level = INTERNAL if kind in INSIDE else PUBLIC
    return DraftBlock(id=f"b{max(taken, default=0) + 1}", kind=kind, title="", level=level, text="")


def with_block(blocks: Sequence[DraftBlock], kind: str) -> list[DraftBlock]:
    """A new block of this kind, last; nothing for a kind that does not exist."""
    if kind not in {*KINDS, STEP} or len(blocks) >= MOST_BLOCKS:
        return list(blocks)
    return [*blocks, new_block(kind, blocks)]


def without_block(blocks: Sequence[DraftBlock], name: str) -> list[DraftBlock]:
    """Without the block of this name."""
    return [block for block in blocks if block["id"] != name]


def moved(blocks: Sequence[DraftBlock], name: str, by: int) -> list[DraftBlock]:
    """The block some places further down or, with a negative number, up."""
    names = [block["id"] for block in blocks]
    if name not in names:
        return list(blocks)
    at = names.index(name)
    to = min(max(at + by, 0), len(blocks) - 1)
    order = list(blocks)
    order.insert(to, order.pop(at))
    return order


def read_block(given: Mapping[str, str], name: str) -> DraftBlock:
    """A block as a form sent it; what nobody knows stays inside, a bad date is no date."""
    level = given.get("level", INTERNAL)
    kind = given.get("kind", "")
    block = DraftBlock(
        id=name,
        kind=kind if kind in {*KINDS, STEP, "glossary", "notice"} else "explanation",
        title=given.get("title", "").strip()[:200],
        level=level if level in LEVELS else INTERNAL,
        text=given.get("text", "").replace("\r\n", "\n"),
    )
    if block["level"] == EMBARGO and (until := real_date(given.get("until", ""))):
        block["until"] = until
    if kind == STEP:
        for part in STEP_PARTS:
            block[part] = given.get(part, "").strip()[:120]  # type: ignore[literal-required]
    return block


def real_date(text: str) -> str:
    """The date in ISO form, or nothing when there is no such day."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return ""


def is_written(block: DraftBlock) -> bool:
    """Does it say anything? Empty blocks of the template are left out of the sheet."""
    return bool(block["text"].strip() or (block["kind"] == STEP and block["title"]))


def asked_lines(text: str) -> str:
    """How people ask for a sheet, one way a line: each trimmed, each once, no line cut in two."""
    kept: list[str] = []
    free = LONGEST_ASKED + 1
    for line in filter(None, dict.fromkeys(map(one_line, text.splitlines()))):
        free -= len(line) + 1
        if free < 0:
            break
        kept.append(line)
    return "\n".join(kept)


def missing(writing: Writing) -> list[str]:
    """What a text lacks before anybody may be asked to read it; names of rows of the editor."""
    found = []
    if not writing["title"].strip():
        found.append("title")
    if not writing["short_answer"].strip():
        found.append("short_answer")
    found += [
        block["id"]
        for block in writing["blocks"]
        if is_written(block) and block["level"] == EMBARGO and not block.get("until")
    ]
    return found
