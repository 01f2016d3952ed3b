"""Every change of mail: kept, read, sorted, owed, sent."""

from parvis.mail.actions.boxes import keep_box
from parvis.mail.actions.keeping import TooLarge, keep
from parvis.mail.actions.owing import (
    owe_arrival,
    owe_link,
    owe_message,
    owe_referent,
    owe_words,
    release_held,
    send_again,
)
from parvis.mail.actions.reading import read_due, read_one
from parvis.mail.actions.reports import note_failure
from parvis.mail.actions.sorting import (
    answer,
    attach_to,
    open_case_from,
    release,
    set_aside,
    take_up,
)

__all__ = [
    "TooLarge",
    "answer",
    "attach_to",
    "keep",
    "keep_box",
    "note_failure",
    "open_case_from",
    "owe_arrival",
    "owe_link",
    "owe_message",
    "owe_referent",
    "owe_words",
    "read_due",
    "read_one",
    "release",
    "release_held",
    "send_again",
    "set_aside",
    "take_up",
]
