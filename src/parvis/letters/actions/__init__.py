"""Every change of the room: wordings, letters, decisions, the two registers."""

from parvis.letters.actions.deciding import (
    Reasons,
    appeal_after_motives,
    ask_for_right,
    refuse_request,
    withdraw_decision,
)
from parvis.letters.actions.post import (
    Came,
    Left,
    Scan,
    attach_letter,
    keep_scan,
    note_outgoing,
    note_scan,
    open_case_of,
    register_letter,
)
from parvis.letters.actions.wording import (
    drop_wording,
    keep_delegation,
    keep_letterhead,
    keep_wording,
)
from parvis.letters.actions.writing import (
    Leaving,
    Words,
    begin_letter,
    change_letter,
    drop_letter,
    send_letter,
)

__all__ = [
    "Came",
    "Leaving",
    "Left",
    "Reasons",
    "Scan",
    "Words",
    "appeal_after_motives",
    "ask_for_right",
    "attach_letter",
    "begin_letter",
    "change_letter",
    "drop_letter",
    "drop_wording",
    "keep_delegation",
    "keep_letterhead",
    "keep_scan",
    "keep_wording",
    "note_outgoing",
    "note_scan",
    "open_case_of",
    "refuse_request",
    "register_letter",
    "send_letter",
    "withdraw_decision",
]
