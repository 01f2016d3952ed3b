"""What the room announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailSorted:
    """A message found its place: with a case, among those to be sorted, apart, aside."""

    mail_id: int
    authority_id: int
    state: str
    case_id: int | None


@dataclass(frozen=True)
class MailCameBack:
    """A mail server says that a message of ours did not arrive."""

    outgoing_id: int
    authority_id: int
    case_id: int | None
    status: str
