"""Every write of the hall, by noun: tickets, calling, desks."""

from parvis.queue.actions.calling import (
    Called,
    call_next,
    finish_and_call_next,
    hold,
    mark_no_show,
    recall,
    resume,
    start,
    undo_last,
)
from parvis.queue.actions.desks import announce, back, pause, sit_down, stand_up, to_back_office
from parvis.queue.actions.talk import end_note, forget_talk, mark_read, say, write_note
from parvis.queue.actions.tickets import (
    Finished,
    Issued,
    close_forgotten,
    finish,
    issue_ticket,
    leave,
    transfer,
)

__all__ = [
    "Called",
    "Finished",
    "Issued",
    "announce",
    "back",
    "call_next",
    "close_forgotten",
    "end_note",
    "finish",
    "finish_and_call_next",
    "forget_talk",
    "hold",
    "issue_ticket",
    "leave",
    "mark_no_show",
    "mark_read",
    "pause",
    "recall",
    "resume",
    "say",
    "sit_down",
    "stand_up",
    "start",
    "to_back_office",
    "transfer",
    "undo_last",
    "write_note",
]
