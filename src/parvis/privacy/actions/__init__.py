"""Every write of the room."""

from parvis.privacy.actions.exporting import export_data, export_person, export_transfer
from parvis.privacy.actions.people import (
    answer,
    check_identity,
    correct,
    correct_day,
    erase,
    hold,
    lift,
    limit,
    prolong,
    refuse,
    take_request,
    withdraw,
)
from parvis.privacy.actions.retention import empty_aged, keep_rule, propose_rules, settle_phases
from parvis.privacy.actions.slips import (
    carry_out,
    grant,
    let_go,
    prepare,
    record_transfer,
    refuse_visa,
    send,
    start,
)

__all__ = [
    "answer",
    "carry_out",
    "check_identity",
    "correct",
    "correct_day",
    "empty_aged",
    "erase",
    "export_data",
    "export_person",
    "export_transfer",
    "grant",
    "hold",
    "keep_rule",
    "let_go",
    "lift",
    "limit",
    "prepare",
    "prolong",
    "propose_rules",
    "record_transfer",
    "refuse",
    "refuse_visa",
    "send",
    "settle_phases",
    "start",
    "take_request",
    "withdraw",
]
