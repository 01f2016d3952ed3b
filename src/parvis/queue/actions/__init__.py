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
from parvis.queue.actions.desks import announce, back, pause, sit_down, stand_up
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
    "finish",
    "finish_and_call_next",
    "hold",
    "issue_ticket",
    "leave",
    "mark_no_show",
    "pause",
    "recall",
    "resume",
    "sit_down",
    "stand_up",
    "start",
    "transfer",
    "undo_last",
]
