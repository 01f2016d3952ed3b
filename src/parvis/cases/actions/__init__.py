"""Every change of a case: opened, followed, talked about, closed."""

from parvis.cases.actions.clocks import remind, start_clocks
from parvis.cases.actions.files import attach
from parvis.cases.actions.following import (
    assign,
    forward,
    hand_over,
    record_reading,
    renew_link,
    take_over_from,
    transfer_to_service,
)
from parvis.cases.actions.items import Wanted, ask_for_items, item_came
from parvis.cases.actions.opening import Opened, link_contact, log_exchange, open_case
from parvis.cases.actions.procedures import keep_procedure
from parvis.cases.actions.receipts import give_receipt, mail_receipt
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
    "Wanted",
    "add_note",
    "ask_for_items",
    "assign",
    "attach",
    "close",
    "forward",
    "give_receipt",
    "hand_over",
    "item_came",
    "keep_procedure",
    "link_contact",
    "log_exchange",
    "mail_receipt",
    "note_thanks",
    "open_case",
    "plan_next_step",
    "record_reading",
    "remind",
    "renew_link",
    "reopen",
    "start_clocks",
    "take_over_from",
    "transfer_to_service",
    "write_as_person",
    "write_to_person",
]
