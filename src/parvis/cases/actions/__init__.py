"""Every change of a case: opened, followed, talked about, closed."""

from parvis.cases.actions.calls import ask_call, note_call, withdraw_call
from parvis.cases.actions.clocks import remind, start_clocks
from parvis.cases.actions.details import change_details
from parvis.cases.actions.doors import (
    confirm,
    forget_devices,
    forget_old_doors,
    mail_code,
    note_identity_check,
    open_by_code,
    renew_link,
    revoke_link,
)
from parvis.cases.actions.files import Document, attach
from parvis.cases.actions.following import (
    assign,
    forward,
    hand_over,
    record_reading,
    take_over_from,
    transfer_to_service,
)
from parvis.cases.actions.items import Wanted, ask_for_items, item_came, refuse_item, send_item
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
    "Document",
    "Opened",
    "Wanted",
    "add_note",
    "ask_call",
    "ask_for_items",
    "assign",
    "attach",
    "change_details",
    "close",
    "confirm",
    "forget_devices",
    "forget_old_doors",
    "forward",
    "give_receipt",
    "hand_over",
    "item_came",
    "keep_procedure",
    "link_contact",
    "log_exchange",
    "mail_code",
    "mail_receipt",
    "note_call",
    "note_identity_check",
    "note_thanks",
    "open_by_code",
    "open_case",
    "plan_next_step",
    "record_reading",
    "refuse_item",
    "remind",
    "renew_link",
    "reopen",
    "revoke_link",
    "send_item",
    "start_clocks",
    "take_over_from",
    "transfer_to_service",
    "withdraw_call",
    "write_as_person",
    "write_to_person",
]
