"""What crosses from one authority to another, and what somebody there may do with it."""

from collections.abc import Callable, Sequence
from datetime import date

from parvis.knowledge.rules.blocks import ASKED, Block, is_open

ADOPTED = "adopted"
IGNORED = "ignored"
ENDED = "ended"

# What becomes of those who adopted a sheet that is taken back.
KEEP = "keep"  # the last words stay with them, as a sheet of their own
LEAVE = "leave"  # they have it no more; its address says so
FATES = (KEEP, LEAVE)


def crosses(block: Block, today: date) -> bool:
    """Does a block leave the house that wrote it? Said to people, yes; notes of the house never."""
    return is_open(block, today) or block.get("level") == ASKED


def shared_blocks(blocks: Sequence[Block], today: date) -> list[Block]:
    """What other authorities read of a sheet."""
    return [block for block in blocks if crosses(block, today)]


def may_share(may: Callable[[str], bool], *, is_keeper: bool) -> bool:
    """Offering a sheet, and taking it back: the coordinator, the editor, who keeps the sheet."""
    return may("knowledge.share") or is_keeper


def may_decide(may: Callable[[str], bool]) -> bool:
    """Adopting or ignoring what another authority offers."""
    return may("knowledge.share") or may("knowledge.write")


def may_lay(may: Callable[[str], bool]) -> bool:
    """Laying local words over the text of somebody else."""
    return may("knowledge.write")
