"""Taking what people say back: answers, thanks, complaints; and what colleagues went through."""

from parvis.feedback.actions.answers import Followed, answer, follow_up, see_thanks, thank
from parvis.feedback.actions.complaints import (
    answer_complaint,
    complain,
    report_incident,
    settle_incident,
    take_complaint,
    take_incident,
)

__all__ = [
    "Followed",
    "answer",
    "answer_complaint",
    "complain",
    "follow_up",
    "report_incident",
    "see_thanks",
    "settle_incident",
    "take_complaint",
    "take_incident",
    "thank",
]
