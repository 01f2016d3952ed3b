"""What this room announces: plain values only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class QuestionMoved:
    """Something happened to a question: asked, taken, passed on, answered, withdrawn."""

    question_id: int
    authority_id: int
    verb: str
    at: datetime
