"""Every change of a case: opened, followed, talked about, closed."""

from parvis.cases.actions.calls import (
    ask_call,
    note_call,
    withdraw_call,
)
from parvis.cases.actions.clocks import (
    remind,
    start_clocks,
)
from parvis.cases.actions.details import (
    change_details,
)
from parvis.cases.actions.doors import (
    confirm,
    forget_devices,
    forget_old_doors,
    mail_code,
    note_identity_check,
    open_by_code,
    renew_link,
    revoke_link,
    speak_code,
)
from parvis.cases.actions.files import (
    Document,
    attach,
)
from parvis.cases.actions.following import (
    assign,
    forward,
    name_deputy,
    transfer_to_service,
)
from parvis.cases.actions.handovers import (
    Note,
    accept_handover,
    give_back,
    hand_over,
    withdraw,
)
from parvis.cases.actions.items import (
    Wanted,
    ask_for_items,
    item_came,
    refuse_item,
    send_item,
)
from parvis.cases.actions.joining import (
    link,
    merge,
    take_apart,
    unlink,
)
from parvis.cases.actions.leaving import (
    take_over_from,
)
from parvis.cases.actions.letters import note_letter_in, note_letter_out
from parvis.cases.actions.loads import (
    set_cap,
)
from parvis.cases.actions.opening import (
    Opened,
    link_contact,
    log_exchange,
    open_case,
)
from parvis.cases.actions.procedures import (
    keep_procedure,
)
from parvis.cases.actions.protocols import (
    do_step,
    undo_step,
)
from parvis.cases.actions.reading import (
    break_seal,
    note_log_exported,
    record_reading,
    say_why,
)
from parvis.cases.actions.receipts import (
    give_receipt,
    mail_receipt,
)
from parvis.cases.actions.representing import (
    Mandated,
    Terms,
    add_party,
    end_own_mandate,
    end_party,
    give_mandate,
    help_person,
    revoke_mandate,
)
from parvis.cases.actions.retiring import (
    check_no_case_is_open,
)
from parvis.cases.actions.talking import (
    add_note,
    call_attention,
    close,
    note_thanks,
    plan_next_step,
    reopen,
    write_as_person,
    write_to_person,
)
from parvis.cases.actions.together import (
    Together,
    for_each,
)

__all__ = [
    "Document",
    "Mandated",
    "Note",
    "Opened",
    "Terms",
    "Together",
    "Wanted",
    "accept_handover",
    "add_note",
    "add_party",
    "ask_call",
    "ask_for_items",
    "assign",
    "attach",
    "break_seal",
    "call_attention",
    "change_details",
    "check_no_case_is_open",
    "close",
    "confirm",
    "do_step",
    "end_own_mandate",
    "end_party",
    "for_each",
    "forget_devices",
    "forget_old_doors",
    "forward",
    "give_back",
    "give_mandate",
    "give_receipt",
    "hand_over",
    "help_person",
    "item_came",
    "keep_procedure",
    "link",
    "link_contact",
    "log_exchange",
    "mail_code",
    "mail_receipt",
    "merge",
    "name_deputy",
    "note_call",
    "note_identity_check",
    "note_letter_in",
    "note_letter_out",
    "note_log_exported",
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
    "revoke_mandate",
    "say_why",
    "send_item",
    "set_cap",
    "speak_code",
    "start_clocks",
    "take_apart",
    "take_over_from",
    "transfer_to_service",
    "undo_step",
    "unlink",
    "withdraw",
    "withdraw_call",
    "write_as_person",
    "write_to_person",
]
