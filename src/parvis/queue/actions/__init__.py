"""Every write of the hall, by noun: tickets, calling, endings, pools, legs, people, desks."""

from parvis.queue.actions.alerts import (
    ask_alert,
    drop_alert,
    forget_addresses,
    mail_alert,
    speak_to,
    tell_those_near,
)
from parvis.queue.actions.calling import (
    Called,
    call_next,
    call_ticket,
    finish,
    finish_and_call_next,
    recall,
    receive,
    start,
)
from parvis.queue.actions.desks import back, pause, sit_down, stand_up
from parvis.queue.actions.endings import (
    Finished,
    close_forgotten,
    leave,
    mark_no_show,
    transfer,
)
from parvis.queue.actions.legs import add_leg, drop_leg
from parvis.queue.actions.notices import end_notice, post_notice
from parvis.queue.actions.people import identify
from parvis.queue.actions.pools import (
    WISHES,
    come_back,
    hold,
    let_pass,
    release_stranded,
    resume,
)
from parvis.queue.actions.tickets import Issued, issue_ticket
from parvis.queue.actions.undoing import undo_last

__all__ = [
    "WISHES",
    "Called",
    "Finished",
    "Issued",
    "add_leg",
    "ask_alert",
    "back",
    "call_next",
    "call_ticket",
    "close_forgotten",
    "come_back",
    "drop_alert",
    "drop_leg",
    "end_notice",
    "finish",
    "finish_and_call_next",
    "forget_addresses",
    "hold",
    "identify",
    "issue_ticket",
    "leave",
    "let_pass",
    "mail_alert",
    "mark_no_show",
    "pause",
    "post_notice",
    "recall",
    "receive",
    "release_stranded",
    "resume",
    "sit_down",
    "speak_to",
    "stand_up",
    "start",
    "tell_those_near",
    "transfer",
    "undo_last",
]
