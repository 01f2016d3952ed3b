"""Every change of a case: opened, followed, talked about, closed."""

from parvis.cases.actions.following import (
    assign,
    forward,
    hand_over,
    record_reading,
    renew_link,
    take_over_from,
    transfer_to_service,
)
from parvis.cases.actions.opening import Opened, link_contact, log_exchange, open_case
from parvis.cases.actions.talking import (
    add_note,
    close,
    note_thanks,
    plan_next_step,
    reopen,
    write_as_person,
    write_to_person,
)

__all__ = [
    "Opened",
    "add_note",
    "assign",
    "close",
    "forward",
    "hand_over",
    "link_contact",
    "log_exchange",
    "note_thanks",
    "open_case",
    "plan_next_step",
    "record_reading",
    "renew_link",
    "reopen",
    "take_over_from",
    "transfer_to_service",
    "write_as_person",
    "write_to_person",
]
