"""Decisions of the assistant: plain functions, no Django, no database."""

from parvis.assistant.rules.composing import Piece, Quote, best_quote, lead, of_kind, parts_in
from parvis.assistant.rules.deciding import Decision, decide
from parvis.assistant.rules.english import in_french
from parvis.assistant.rules.following import (
    Aspect,
    asks_of_others,
    asks_progress,
    aspect_of,
    besides_progress,
    is_following,
    is_greeting,
    subject_of,
    wants_person,
)
from parvis.assistant.rules.masking import Masked, masked
from parvis.assistant.rules.urgent import Urgent, urgent

__all__ = [
    "Aspect",
    "Decision",
    "Masked",
    "Piece",
    "Quote",
    "Urgent",
    "asks_of_others",
    "asks_progress",
    "aspect_of",
    "besides_progress",
    "best_quote",
    "decide",
    "in_french",
    "is_following",
    "is_greeting",
    "lead",
    "masked",
    "of_kind",
    "parts_in",
    "subject_of",
    "urgent",
    "wants_person",
]
