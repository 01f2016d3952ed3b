"""Two wordings of another text brought together: what only one side changed is taken."""

from collections.abc import Sequence

from parvis.knowledge.rules.blocks import Block

Place = tuple[str, int]  # the kind of a part, and which one of its kind


def line(base: str | None, saved: str, mine: str) -> str:
    """One line: mine, unless only the other side changed it."""
    return saved if base is not None and mine == base else mine


def parts(
    base: Sequence[Block] | None, saved: Sequence[Block], mine: Sequence[Block]
) -> list[Block]:
    """The parts of both; where both sides changed one it is mine, and the page shows both."""
    others, ours = places(saved), places(mine)
    before = places(base) if base is not None else None
    found = []
    for place in dict.fromkeys([*others, *ours]):
        other, own = others.get(place), ours.get(place)
        unchanged = before is not None and own == before.get(place)
        taken = other if unchanged or (before is None and own is None) else own
        if taken is not None:
            found.append(taken)
    return found


def places(blocks: Sequence[Block]) -> dict[Place, Block]:
    """The parts by their kind and their turn within it."""
    found: dict[Place, Block] = {}
    for block in blocks:
        turn = sum(1 for kind, _turn in found if kind == block["kind"])
        found[block["kind"], turn] = block
    return found
