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
from parvis.queue.actions.desks import back, pause, sit_down, stand_up, to_back_office
from parvis.queue.actions.endings import (
    Finished,
    close_forgotten,
    leave,
    mark_no_show,
    transfer,
)
from parvis.queue.actions.joining import (
    AtKiosk,
    Device,
    end_poster,
    ended_sentence,
    join_by_phone,
    renew_poster,
    take_at_kiosk,
)
from parvis.queue.actions.legs import add_leg, drop_leg
from parvis.queue.actions.machines import (
    decide_hall_rules,
    forget_printer,
    keep_printer,
    keep_screen,
    screen_reports,
    set_screen_in_use,
)
from parvis.queue.actions.notices import end_notice, post_notice
from parvis.queue.actions.paper import LineRefused, PaperTicket, Sheet, Slip, enter_paper
from parvis.queue.actions.people import identify
from parvis.queue.actions.pools import (
    WISHES,
    come_back,
    hold,
    let_pass,
    release_stranded,
    resume,
)
from parvis.queue.actions.printing import deliver, drop_old, print_slip, print_test
from parvis.queue.actions.retiring import check_nobody_is_left
from parvis.queue.actions.talk import (
    end_note,
    forget_talk,
    mark_read,
    say,
    tell_that_law_changed,
    write_note,
)
from parvis.queue.actions.tickets import Issued, issue_ticket
from parvis.queue.actions.undoing import undo_last, withdraw

__all__ = [
    "WISHES",
    "AtKiosk",
    "Called",
    "Device",
    "Finished",
    "Issued",
    "LineRefused",
    "PaperTicket",
    "Sheet",
    "Slip",
    "add_leg",
    "ask_alert",
    "back",
    "call_next",
    "call_ticket",
    "check_nobody_is_left",
    "close_forgotten",
    "come_back",
    "decide_hall_rules",
    "deliver",
    "drop_alert",
    "drop_leg",
    "drop_old",
    "end_note",
    "end_notice",
    "end_poster",
    "ended_sentence",
    "enter_paper",
    "finish",
    "finish_and_call_next",
    "forget_addresses",
    "forget_printer",
    "forget_talk",
    "hold",
    "identify",
    "issue_ticket",
    "join_by_phone",
    "keep_printer",
    "keep_screen",
    "leave",
    "let_pass",
    "mail_alert",
    "mark_no_show",
    "mark_read",
    "pause",
    "post_notice",
    "print_slip",
    "print_test",
    "recall",
    "receive",
    "release_stranded",
    "renew_poster",
    "resume",
    "say",
    "screen_reports",
    "set_screen_in_use",
    "sit_down",
    "speak_to",
    "stand_up",
    "start",
    "take_at_kiosk",
    "tell_that_law_changed",
    "tell_those_near",
    "to_back_office",
    "transfer",
    "undo_last",
    "withdraw",
    "write_note",
]
