"""What the room announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LetterSent:
    """A letter of a case left the house on paper."""

    letter_id: int
    case_id: int
    authority_id: int


@dataclass(frozen=True)
class RightAsked:
    """The person asks for the certificate or the reasons that the law owes."""

    request_id: int
    case_id: int
    authority_id: int
