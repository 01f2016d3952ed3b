"""What becomes of a message: decided from what is known about it, never from its subject alone."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from parvis.mail.rules.moves import AUTOMATIC, BOUNCE, QUARANTINED, THREADED, WAITING
from parvis.mail.rules.sending import is_no_reply


class Found(StrEnum):
    """By what a message names a case, surest first."""

    ADDRESS = "address"  # the signed address it was written to
    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    SUBJECT = "subject"  # a signed mark in the subject, never the subject itself


@dataclass(frozen=True)
class Thread:
    """The case that a message names, and who may write about it by mail."""

    case_id: int
    found: Found
    parties: frozenset[str]


@dataclass(frozen=True)
class Evidence:
    """All that counts for the decision."""

    sender: str  # in one spelling; empty when nobody signed
    is_ours: bool = False  # an address of this house, or a message that this house wrote
    null_sender: bool = False
    auto_submitted: str = ""
    precedence: str = ""
    suppress: str = ""
    is_list: bool = False
    by_machine: bool = False
    is_report: bool = False
    report_known: bool = False  # about a message that this house sent
    is_forged: bool = False  # our own mail server says that the sender is not who they say
    is_empty: bool = False
    threads: tuple[Thread, ...] = field(default=())


@dataclass(frozen=True)
class Verdict:
    """What becomes of it, why, with which case, and may a machine answer."""

    state: str
    reason: str
    case_id: int | None = None
    may_answer: bool = False


_BULK: Final = frozenset({"bulk", "list", "junk"})
_SPEAKS_FOR_MACHINES: Final = frozenset({"mailer-daemon", "postmaster"})


def sort(given: Evidence) -> Verdict:
    """What becomes of a message."""
    thread = given.threads[0] if given.threads else None
    case_id = thread.case_id if thread else None
    if given.is_ours:
        return Verdict(AUTOMATIC, "own", None)
    if given.is_report:
        return Verdict(BOUNCE if given.report_known else AUTOMATIC, "report", case_id)
    if _is_automatic(given):
        known = thread is not None and given.sender in thread.parties
        return Verdict(AUTOMATIC, "machine", case_id if known else None)
    if not given.sender:
        return Verdict(QUARANTINED, "no_sender", case_id)
    if thread is not None:
        return _of_a_case(given, thread)
    if given.is_list or given.precedence in _BULK:
        return Verdict(AUTOMATIC, "list")
    if given.is_forged:
        return Verdict(QUARANTINED, "forged")
    if given.is_empty:
        return Verdict(WAITING, "empty")
    return Verdict(WAITING, "new", may_answer=_may_answer(given))


def _of_a_case(given: Evidence, thread: Thread) -> Verdict:
    if given.is_forged:
        return Verdict(QUARANTINED, "forged", thread.case_id)
    if len({one.case_id for one in given.threads}) > 1:
        return Verdict(QUARANTINED, "two_cases", thread.case_id)
    if given.sender not in thread.parties:
        return Verdict(QUARANTINED, "stranger", thread.case_id)
    return Verdict(THREADED, thread.found.value, thread.case_id)


def _is_automatic(given: Evidence) -> bool:
    local = given.sender.partition("@")[0]
    return (
        given.auto_submitted not in {"", "no"}
        or given.by_machine
        or given.precedence in {"auto_reply", "auto-reply"}
        or given.null_sender
        or local in _SPEAKS_FOR_MACHINES
    )


def _may_answer(given: Evidence) -> bool:
    """Only to somebody who waits for it, and can read it."""
    return not (given.suppress or is_no_reply(given.sender))
