"""Handing what is owed to the mail server: claimed, composed, sent, tried again, given up."""

import logging
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any, Final

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from parvis.cases import actions as case_actions
from parvis.cases import queries as cases
from parvis.cases.queries import Signature
from parvis.common import codes
from parvis.common.http import full_address
from parvis.common.text import one_line
from parvis.mail import actions, addresses, rules
from parvis.mail.models import OutgoingMail
from parvis.mail.queries.signing import of_agent, of_box

log = logging.getLogger(__name__)
State = OutgoingMail.State
KEPT_NAMES: Final = timedelta(days=30)  # a report may come late; then even the address goes
AT_ONCE: Final = 100
_WHOLE: Final = frozenset({rules.RECEIPT, rules.ITEMS})  # their words come signed


@dataclass(frozen=True)
class Tried:
    """How many were tried, and when the next try is due."""

    count: int
    again_at: datetime | None


class Refusal(Exception):
    """The mail server says no; ``final`` when another try would hear the same."""

    def __init__(self, status: str, why: str, *, final: bool, of_address: bool = False) -> None:
        super().__init__(why)
        self.status, self.why, self.final, self.of_address = status, why, final, of_address


def deliver_due(*, now: datetime) -> Tried:
    """Hand over every message whose time has come."""
    waiting = OutgoingMail.objects.filter(state=State.WAITING, next_at__lte=now)
    due = list(waiting.order_by("next_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    count = sum(deliver(pk, now=now) for pk in due)
    rest = OutgoingMail.objects.filter(state=State.WAITING).order_by("next_at")
    return Tried(count, rest.values_list("next_at", flat=True).first())


def deliver(pk: int, *, now: datetime) -> bool:
    """Hand one message over, unless another worker does; False when there was no need."""
    rows = OutgoingMail.objects.select_related(
        "case__service", "case__authority", "case__person", "case__referent__entry__service",
        "case__referent__entry__authority", "case__deputy__entry__service",
        "case__deputy__entry__authority", "entry__agent", "authority",
        "answers__box__service", "answers__box__authority", "answers__box__keeper__entry",
        "answers__handled_by__entry",
    )  # fmt: skip
    owed = rows.filter(pk=pk, state=State.WAITING, next_at__lte=now).first()
    if owed is None:
        return False
    # The pause before the next try is taken first: it is also the claim on this one.
    pause = rules.PAUSES[min(owed.attempts, len(rules.PAUSES) - 1)]
    claim = OutgoingMail.objects.filter(
        pk=pk, state=State.WAITING, attempts=owed.attempts, next_at=owed.next_at
    )
    if not claim.update(attempts=F("attempts") + 1, next_at=now + pause):
        return False
    owed.attempts, owed.next_at = owed.attempts + 1, now + pause
    try:
        lacking = _send(owed, now)
    except Refusal as refusal:
        _refused(owed, refusal, now)
        return True
    except Exception as error:
        # One mail that cannot be made never holds up those behind it.
        _refused(owed, _unsendable(error), now)
        return True
    if lacking:
        _end(owed, State.HELD, now, error=lacking)
    else:
        _end(owed, State.SENT, now)
    return True


def _send(owed: OutgoingMail, now: datetime) -> str:
    """Compose and hand over; a sentence when the message may not leave as it is."""
    signed = signature_of(owed, now)
    if signed.lacking:
        return signed.lacking[0]
    person = owed.case.person if owed.case else None
    with translation.override((person.language if person else "") or "fr"):
        link = _link(owed, now) if owed.carries_link else ""
        message = composed(owed, signed, link)
    _hand_over(message, envelope_of(owed), owed.to)
    return ""


def signature_of(owed: OutgoingMail, now: datetime) -> Signature:
    """Who signs today: the named contact of the case, else who answers for the address."""
    day = localdate(now)
    if owed.case is not None:
        return cases.signature(owed.case, on=day)
    mail = owed.answers
    if owed.kind == rules.ANSWER and mail is not None and mail.handled_by is not None:
        return of_agent(mail.handled_by, reply_by=owed.sender, on=day)
    if mail is not None and mail.box is not None:
        return of_box(mail.box, on=day)
    return Signature("", "", "", "", "", "", "", "", lacking=("",))


def _link(owed: OutgoingMail, now: datetime) -> str:
    """A fresh link: made while it is sent, because an outbox is no place for secrets."""
    assert owed.case is not None  # noqa: S101 - a link is to the page of a case
    secret = case_actions.renew_link(owed.case, agent=None, now=now)
    return full_address(reverse("web:tracking", args=[secret]))


def composed(owed: OutgoingMail, signed: Signature, link: str) -> EmailMessage:
    """The message as it leaves: signed by somebody, answerable, part of its thread."""
    text = owed.text
    if owed.kind not in _WHOLE:
        has_files = owed.entry is not None and owed.entry.files.exists()
        context: dict[str, Any] = {
            "owed": owed,
            "signed": signed,
            "case": owed.case,
            "link": link,
            "has_files": has_files,
        }
        if owed.case is not None:
            context["reference"] = codes.format_reference(owed.case.reference)
        text = render_to_string(f"mail/{owed.kind}.txt", context)
    elif link:
        text += render_to_string("mail/_link.txt", {"link": link})
    headers = {"Message-ID": owed.message_id, "From": _from(owed, signed)}
    if owed.references:
        headers["In-Reply-To"] = owed.references[-1]
        headers["References"] = " ".join(owed.references)
    if owed.is_automatic:
        headers["Auto-Submitted"] = "auto-replied" if owed.references else "auto-generated"
        headers["X-Auto-Response-Suppress"] = "All"
    reply_to = owed.reply_to or signed.email
    return EmailMessage(
        owed.subject, text.strip() + "\n", from_email=owed.sender, to=[owed.to],
        reply_to=[reply_to] if reply_to else None, headers=headers,
    )  # fmt: skip


def _from(owed: OutgoingMail, signed: Signature) -> str:
    """A person and the institution behind them, before the address."""
    name = ", ".join(filter(None, [signed.name, signed.service, signed.institution]))
    address = owed.sender.rpartition("<")[2].strip("> ")
    return formataddr((one_line(name)[:120], address))


def envelope_of(owed: OutgoingMail) -> str:
    """Where reports go: nowhere for what a machine wrote, else to an address of this message."""
    if owed.is_automatic:
        return ""
    address = owed.sender.rpartition("<")[2].strip("> ")
    return (
        addresses.return_address(address, owed.pk) if owed.reply_to or owed.answers_id else address
    )


def _hand_over(message: EmailMessage, envelope: str, to: str) -> None:
    backend = get_connection()
    try:
        if not isinstance(backend, SmtpBackend):
            backend.send_messages([message])
            return
        with backend:  # Django's own way knows no empty sender
            server = backend.connection
            if server is None:
                raise OSError("no connection")
            letter: Any = message.message()  # of Django: it knows how lines end on the wire
            server.sendmail(envelope, [to], letter.as_bytes(linesep="\r\n"))
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refusal(code, said, of_address=True) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Refusal("", type(error).__name__, final=False) from None


def _refusal(code: int, said: bytes | str, *, of_address: bool = False) -> Refusal:
    words = one_line(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:200]
    status = next((word for word in words.split()[:2] if word[:2] in {"4.", "5."}), "")
    return Refusal(status, f"{code} {words}", final=code >= 500, of_address=of_address)


def _unsendable(error: Exception) -> Refusal:
    # What the words of a mail make impossible stays so; anything else may be over next time.
    words = one_line(f"{type(error).__name__}: {error}")[:200]
    return Refusal("", words, final=isinstance(error, ValueError))


def _refused(owed: OutgoingMail, refusal: Refusal, now: datetime) -> None:
    log.warning("mail %s did not go: %s %s", owed.pk, refusal.status, type(refusal).__name__)
    full = refusal.status == "5.2.2"  # says "for ever" and means "for now"
    if refusal.final and not full:
        dead = refusal.of_address and (
            not refusal.status or rules.kills_the_address("failed", refusal.status)
        )
        with transaction.atomic():
            actions.note_failure(
                owed, status=refusal.status, why=refusal.why, now=now, is_dead=dead
            )
    elif owed.attempts > len(rules.PAUSES):
        _end(owed, State.GIVEN_UP, now, error=refusal.why)
    else:
        owed.error = refusal.why[:300]
        owed.save(update_fields=["error"])


@transaction.atomic
def _end(owed: OutgoingMail, state: str, now: datetime, *, error: str = "") -> None:
    owed.state, owed.ended_at, owed.error = state, now, error[:300]
    if state == State.SENT and owed.kind != rules.ANSWER:
        owed.text = ""  # the story of the case has the words
    owed.save(update_fields=["state", "ended_at", "error", "text"])
    if state == State.GIVEN_UP and owed.case is not None:
        case_actions.call_attention(owed.case)


def forget(*, now: datetime) -> int:
    """Empty names and words of what ended a month ago: the marks of the thread stay."""
    old = OutgoingMail.objects.filter(ended_at__lt=now - KEPT_NAMES).exclude(to="")
    return old.exclude(state=State.HELD).update(to="", text="", subject="", error="")
