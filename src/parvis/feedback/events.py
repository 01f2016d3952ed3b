"""What the room announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerGiven:
    """Somebody said whether it was solved, or how it went."""

    contact_id: int
    authority_id: int
    solved: bool | None
    satisfaction: int | None


@dataclass(frozen=True)
class ThanksGiven:
    """Somebody said thank you for a case."""

    case_id: int
    authority_id: int


@dataclass(frozen=True)
class ComplaintReceived:
    """Somebody says that they were not served as they should be."""

    complaint_id: int
    authority_id: int
    service_id: int
