"""What the room announces."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class CaseOpened:
    """A request goes on, in the hands of a service."""

    case_id: int
    authority_id: int
    service_id: int
    referent_id: int | None


@dataclass(frozen=True)
class CaseReferentChanged:
    """Somebody else follows the case: announced once, when it is settled, for the person too."""

    case_id: int
    authority_id: int
    before_id: int | None
    after_id: int | None
    entry_id: int | None = None  # the line of the story that says who and why


@dataclass(frozen=True)
class MessageReceived:
    """The person wrote on the tracking page."""

    case_id: int
    authority_id: int


@dataclass(frozen=True)
class MailOwed:
    """The person is to read this by e-mail: the words are ready, the address is theirs."""

    case_id: int
    authority_id: int
    at: datetime
    kind: str  # receipt, items
    subject: str
    text: str


@dataclass(frozen=True)
class CaseClosed:
    """The service has answered."""

    case_id: int
    authority_id: int
    contact_id: int | None


@dataclass(frozen=True)
class CaseReopened:
    """It was not settled after all."""

    case_id: int
    authority_id: int


@dataclass(frozen=True)
class SilenceNear:
    """The day comes near on which an answer is no longer in time."""

    case_id: int
    authority_id: int
    falls_on: date


@dataclass(frozen=True)
class CallAsked:
    """The person wants to be called: a promise with its hour."""

    case_id: int
    authority_id: int
    call_id: int
    until: datetime


@dataclass(frozen=True)
class CaseMessageWritten:
    """An agent wrote to the person: on their page, and wherever else they may be told."""

    case_id: int
    authority_id: int
    entry_id: int


@dataclass(frozen=True)
class SealBroken:
    """A sealed case was opened from outside, because somebody is in danger."""

    case_id: int
    authority_id: int
    agent_id: int


@dataclass(frozen=True)
class CasesMerged:
    """Two cases are read as one; the code and link of the merged one lead to the kept one."""

    case_id: int
    merged_id: int
    authority_id: int


@dataclass(frozen=True)
class CasesSeparated:
    """A merge was undone."""

    case_id: int
    merged_id: int
    authority_id: int


@dataclass(frozen=True)
class MandateChanged:
    """Somebody may act for the person from now on, or no longer."""

    case_id: int
    authority_id: int
    mandate_id: int
    is_valid: bool
