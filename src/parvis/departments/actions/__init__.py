"""Every change to questions and rounds."""

from parvis.departments.actions.answers import draft_from_answer, reuse
from parvis.departments.actions.questions import (
    Visit,
    answer,
    ask,
    close,
    keep_promise,
    mark_shown,
    move,
    pass_on,
    take,
    visitor_left,
    withdraw,
)
from parvis.departments.actions.rounds import (
    add_topic,
    begin_draft,
    cancel_round,
    close_round,
    plan_round,
    postpone_round,
    settle_topic,
)
from parvis.departments.actions.turns import hand_over_from, look_at, look_at_due

__all__ = [
    "Visit",
    "add_topic",
    "answer",
    "ask",
    "begin_draft",
    "cancel_round",
    "close",
    "close_round",
    "draft_from_answer",
    "hand_over_from",
    "keep_promise",
    "look_at",
    "look_at_due",
    "mark_shown",
    "move",
    "pass_on",
    "plan_round",
    "postpone_round",
    "reuse",
    "settle_topic",
    "take",
    "visitor_left",
    "withdraw",
]
