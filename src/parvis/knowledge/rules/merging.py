"""Two people wrote into the same text: what each changed, and one text of both."""

from collections.abc import Mapping
from dataclasses import dataclass

from parvis.knowledge.rules.writing import DraftBlock, Writing

MINE = "mine"
THEIRS = "theirs"
BOTH = "both"
CHOICES = (MINE, THEIRS, BOTH)


@dataclass(frozen=True)
class Difference:
    """One row in which two texts differ; ``advice`` is what nobody has to think about."""

    name: str  # "title", "short_answer", "about:service", or the name of a block
    mine: DraftBlock | str | None
    theirs: DraftBlock | str | None
    advice: str

    @property
    def is_clash(self) -> bool:
        """Both changed it: only a person can decide."""
        return self.advice == ""

    @property
    def is_block(self) -> bool:
        return isinstance(self.mine or self.theirs, dict)


def differences(base: Writing | None, mine: Writing, theirs: Writing) -> list[Difference]:
    """Where two texts differ, in the order of theirs; ``base`` is what both started from."""
    found = [
        _difference(name, one, other, before)
        for name, one, other, before in _lines(base, mine, theirs)
        if one != other
    ]
    blocks_of_base = _by_name(base) if base else None
    blocks_mine, blocks_theirs = _by_name(mine), _by_name(theirs)
    for name in dict.fromkeys([*blocks_theirs, *blocks_mine]):
        ours, others = blocks_mine.get(name), blocks_theirs.get(name)
        if ours != others:
            before = blocks_of_base.get(name) if blocks_of_base is not None else _UNKNOWN
            found.append(_difference(name, ours, others, before))
    return found


_UNKNOWN = object()


def _lines(
    base: Writing | None, mine: Writing, theirs: Writing
) -> list[tuple[str, str, str, object]]:
    lines: list[tuple[str, str, str, object]] = [
        ("title", mine["title"], theirs["title"], base["title"] if base else _UNKNOWN),
        (
            "short_answer",
            mine["short_answer"],
            theirs["short_answer"],
            base["short_answer"] if base else _UNKNOWN,
        ),
    ]
    for name in dict.fromkeys([*theirs["about"], *mine["about"]]):
        before = _said(base["about"].get(name)) if base else _UNKNOWN
        mine_says, theirs_say = _said(mine["about"].get(name)), _said(theirs["about"].get(name))
        lines.append((f"about:{name}", mine_says, theirs_say, before))
    return lines


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _by_name(writing: Writing) -> dict[str, DraftBlock]:
    return {block["id"]: block for block in writing["blocks"]}


def _difference(
    name: str, mine: DraftBlock | str | None, theirs: DraftBlock | str | None, before: object
) -> Difference:
    advice = ""
    if before is not _UNKNOWN:
        if mine == before:
            advice = THEIRS
        elif theirs == before:
            advice = MINE
    return Difference(name, mine, theirs, advice)


def merged(mine: Writing, theirs: Writing, choices: Mapping[str, str]) -> Writing:
    """One text of two: theirs, with what was chosen of mine; "both" keeps both blocks.

    A row without a choice is never dropped: of a block both wordings stay, of a line theirs.
    """
    taken = {n: choice for n, choice in choices.items() if choice in CHOICES}
    blocks_mine, blocks_theirs = _by_name(mine), _by_name(theirs)
    blocks: list[DraftBlock] = []
    names = {*blocks_mine, *blocks_theirs}
    for name in _order(mine, theirs):
        ours, others = blocks_mine.get(name), blocks_theirs.get(name)
        blocks += _chosen(ours, others, taken.get(name, BOTH), names)
    return Writing(
        title=mine["title"] if taken.get("title") == MINE else theirs["title"],
        short_answer=_line(mine["short_answer"], theirs["short_answer"], taken.get("short_answer")),
        blocks=blocks,
        about={
            name: (mine if taken.get(f"about:{name}") == MINE else theirs)["about"].get(name)
            for name in dict.fromkeys([*theirs["about"], *mine["about"]])
        },
    )


def _line(mine: str, theirs: str, choice: str | None) -> str:
    if choice == MINE:
        return mine
    if choice == BOTH and mine and mine != theirs:
        return f"{theirs}\n{mine}"
    return theirs


def _chosen(
    mine: DraftBlock | None, theirs: DraftBlock | None, choice: str, names: set[str]
) -> list[DraftBlock]:
    if mine == theirs:
        return [theirs] if theirs else []
    if choice == MINE:
        return [mine] if mine else []
    if choice == THEIRS:
        return [theirs] if theirs else []
    both = [block for block in (theirs, mine) if block]
    if len(both) == 2 and mine is not None:
        both[1] = DraftBlock(**{**mine, "id": free_name(names)})
    return both


def free_name(names: set[str]) -> str:
    """A name that no block has yet; it is taken from now on."""
    number = max((int(n[1:]) for n in names if n[1:].isdigit()), default=0) + 1
    names.add(f"b{number}")
    return f"b{number}"


def _order(mine: Writing, theirs: Writing) -> list[str]:
    """Theirs, with each block of mine after the one it follows in mine."""
    order = [block["id"] for block in theirs["blocks"]]
    previous = ""
    for block in mine["blocks"]:
        if block["id"] not in order:
            order.insert(order.index(previous) + 1 if previous in order else 0, block["id"])
        previous = block["id"]
    return order
