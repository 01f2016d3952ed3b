"""What is read of questions and rounds."""

from parvis.accounts.queries import is_out
from parvis.departments.queries.people import Asked, asked_for, colleagues_who_answer, may_answer
from parvis.departments.queries.questions import (
    Known,
    answer_times,
    answers_for,
    by_id,
    known_answers,
    line_of,
    mine,
    open_at_visit,
    promise_of,
    read_lately,
    stretches_from,
    trail_of,
    waiting_count,
)
from parvis.departments.queries.rounds import (
    Proposal,
    by_service,
    month,
    proposals,
    round_page,
)

__all__ = [
    "Asked",
    "Known",
    "Proposal",
    "answer_times",
    "answers_for",
    "asked_for",
    "by_id",
    "by_service",
    "colleagues_who_answer",
    "is_out",
    "known_answers",
    "line_of",
    "may_answer",
    "mine",
    "month",
    "open_at_visit",
    "promise_of",
    "proposals",
    "read_lately",
    "round_page",
    "stretches_from",
    "trail_of",
    "waiting_count",
]
