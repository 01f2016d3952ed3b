"""What keeps a letter from leaving, and what the law owes once silence has spoken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

CERTIFICATE_DAYS: Final = 15  # no text fixes a day: this is what the house promises
CERTIFICATE: Final = "certificate"
MOTIVES: Final = "motives"
SIGNED: Final = frozenset({"refusal", CERTIFICATE, MOTIVES})  # decisions and their proofs


class Way(StrEnum):
    """How a letter leaves."""

    POST = "post"
    REGISTERED = "registered"
    HANDED = "handed"


class Lack(StrEnum):
    """What a letter cannot leave without."""

    SUBJECT = "subject"
    BODY = "body"
    RECIPIENT = "recipient"
    ADDRESS = "address"
    GAPS = "gaps"
    DELEGATION = "delegation"
    DECISION = "decision"
    RECEIPT = "receipt"


@dataclass(frozen=True)
class Sheet:
    """What a letter would say, as far as its leaving is concerned."""

    kind: str
    subject: str
    body: str
    recipient: str
    address: str
    gaps: Sequence[str] = ()
    has_delegation: bool = False
    has_decision: bool = False
    receipt_is_whole: bool = True


def lacking(sheet: Sheet, way: str = Way.POST) -> list[Lack]:
    """What is missing before this letter may leave that way; empty when it may."""
    by_post = way != Way.HANDED
    checks = (
        (Lack.SUBJECT, bool(sheet.subject.strip())),
        (Lack.BODY, bool(sheet.body.strip())),
        (Lack.RECIPIENT, bool(sheet.recipient.strip())),
        (Lack.ADDRESS, not by_post or bool(sheet.address.strip())),
        (Lack.GAPS, not sheet.gaps),
        (Lack.DELEGATION, sheet.kind not in SIGNED or sheet.has_delegation),
        (Lack.DECISION, sheet.kind != "refusal" or sheet.has_decision),
        (Lack.RECEIPT, sheet.kind != "receipt" or sheet.receipt_is_whole),
    )
    return [lack for lack, is_there in checks if not is_there]


def may_sign(*, valid_from: date, valid_through: date | None, on: date) -> bool:
    """Is the delegation in force that day?"""
    return valid_from <= on and (valid_through is None or on <= valid_through)


def certificate_due_on(asked_on: date) -> date:
    """The day that the house promises for a certificate (L232-3 fixes none)."""
    return asked_on + timedelta(days=CERTIFICATE_DAYS)
