"""What the house owes by mail: a row in the transaction of the act, never sent in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries as cases
from parvis.cases.models import Case, CaseEntry
from parvis.cases.queries import Recipient
from parvis.common import codes, journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.contacts.models import Channel
from parvis.contacts.rules import normal_email
from parvis.mail import addresses, queries, rules, tasks
from parvis.mail.models import Mailbox, OutgoingMail, ReceivedMail
from parvis.mail.queries.signing import of_box

State = OutgoingMail.State
RECHECKED_FOR = timedelta(days=30)
_AUTOMATIC = frozenset({rules.RECEIPT, rules.REFERENT, rules.ARRIVAL})


@transaction.atomic
def owe_words(
    case: Case, *, kind: str, subject: str, text: str, now: datetime
) -> OutgoingMail | None:
    """Owe a mail whose words another room has written: a receipt, what is missing."""
    carries = kind == rules.RECEIPT and case.channel == Channel.EMAIL
    return _owe(case, kind, now, subject=subject, text=text, carries_link=carries)


@transaction.atomic
def owe_message(entry: CaseEntry, *, now: datetime) -> OutgoingMail | None:
    """Owe what an agent wrote on the case, in the agent's words."""
    return _owe(entry.case, rules.MESSAGE, now, text=entry.text, entry=entry)


@transaction.atomic
def owe_referent(case: Case, *, now: datetime) -> OutgoingMail | None:
    """Owe the name of who follows from now on; one mail, however often it changes."""
    waiting = OutgoingMail.objects.filter(case=case, kind=rules.REFERENT, state=State.WAITING)
    if waiting.exists():
        return None
    return _owe(case, rules.REFERENT, now)


@transaction.atomic
def owe_link(case: Case, *, agent: Agent, now: datetime) -> OutgoingMail:
    """Owe a fresh link to the page of the case: it is made while it is sent, and kept nowhere."""
    if case.authority_id != agent.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if case.service.is_sensitive and agent.service_id != case.service_id:
        raise Refused(_("Only %s acts on this case.") % case.service.label, code="sensitive")
    lacking = cases.signature(case, on=localdate(now)).lacking
    if lacking:
        raise Refused(lacking[0], code="unsigned")
    owed = _owe(case, rules.LINK, now, carries_link=True)
    if owed is None:
        raise Refused(_("The person left no e-mail address that takes mail."), code="no_address")
    journal.record(agent, "mail.link_owed", case, authority_id=case.authority_id)
    return owed


@transaction.atomic
def owe_arrival(mail: ReceivedMail, *, now: datetime) -> OutgoingMail | None:
    """Tell a sender that the message arrived: once a day at most, and signed by who answers."""
    box, to = mail.box, normal_email(mail.from_address)
    if box is None or of_box(box, on=localdate(now)).lacking:
        return None
    earlier = OutgoingMail.objects.filter(
        authority_id=mail.authority_id, kind=rules.ARRIVAL, to=to
    ).order_by("-at")
    last = earlier.values_list("at", flat=True).first()
    if not rules.may_answer(last, now):
        return None
    with translation.override("fr"):
        subject = _("We received your message: %(subject)s") % {
            "subject": mail.subject or _("(without a subject)")
        }
    return _create(
        authority_id=mail.authority_id, kind=rules.ARRIVAL, to=to, box=box, now=now,
        subject=subject, answers=mail, references=rules.chain(mail.references, mail.message_id),
    )  # fmt: skip


@transaction.atomic
def owe_answer(mail: ReceivedMail, *, agent: Agent, text: str, now: datetime) -> OutgoingMail:
    """Owe an agent's answer to a message that becomes no case."""
    box = mail.box
    subject = mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"
    return _create(
        authority_id=mail.authority_id, kind=rules.ANSWER, to=normal_email(mail.from_address),
        box=box, now=now, subject=subject, text=text, answers=mail,
        references=rules.chain(mail.references, mail.message_id),
    )  # fmt: skip


def _owe(case: Case, kind: str, now: datetime, **values: Any) -> OutgoingMail | None:
    """A mail to whom messages of a case go; None when nobody of them has an address that lives."""
    reached = [
        one
        for one in cases.recipients(case, localdate(now))
        if one.email and not queries.is_dead(case.authority_id, one.email)
    ]
    made: list[OutgoingMail] = []
    for one in reached:
        if made and kind == rules.LINK:
            break  # one link for one reader: the next one would make it useless
        made.append(_owe_to(one, case, kind, now, **values))
        values["carries_link"] = False
    return made[0] if made else None


def _owe_to(reader: Recipient, case: Case, kind: str, now: datetime, **values: Any) -> OutgoingMail:
    last = _last_word(case)
    with translation.override(reader.language or "fr"):
        subject = values.pop("subject", "") or _SUBJECTS[kind](case)
    owed = _create(
        authority_id=case.authority_id, kind=kind, to=normal_email(reader.email), case=case,
        box=queries.box_for_case(case), now=now, subject=subject,
        references=rules.chain(last.references, last.message_id) if last else [], **values,
    )  # fmt: skip
    lacking = cases.signature(case, on=localdate(now)).lacking
    if lacking:
        _hold(owed, lacking, now)
    return owed


_SUBJECTS = {
    rules.MESSAGE: lambda case: (
        _("Your request %(reference)s: a message for you") % _named(case)
        if case.service.is_sensitive
        else _("Your request %(reference)s: %(subject)s") % _named(case)
    ),
    rules.REFERENT: lambda case: _("Your request %(reference)s: who follows it") % _named(case),
    rules.LINK: lambda case: _("Your request %(reference)s: its page") % _named(case),
}


def _named(case: Case) -> dict[str, str]:
    return {"reference": codes.format_reference(case.reference), "subject": case.title}


def _last_word(case: Case) -> ReceivedMail | OutgoingMail | None:
    """The latest mail of a case in either direction: what the next one answers."""
    came = ReceivedMail.objects.filter(case=case).exclude(message_id="").order_by("-pk").first()
    left = OutgoingMail.objects.filter(case=case).order_by("-pk").first()
    if came is None or left is None:
        return came or left
    return came if came.received_at >= left.at else left


def _create(
    *,
    authority_id: int,
    kind: str,
    to: str,
    box: Mailbox | None,
    now: datetime,
    subject: str,
    case: Case | None = None,
    references: Sequence[str] = (),
    **values: Any,
) -> OutgoingMail:
    sender = box.address if box else settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].strip("> ") or "parvis"
    title = one_line(subject)[:300]
    if case is not None:
        title = f"{title} {addresses.subject_mark(case.reference)}"
    made = OutgoingMail.objects.create(
        authority_id=authority_id,
        kind=kind,
        case=case,
        to=to,
        sender=sender,
        reply_to=addresses.reply_address(sender, case.reference) if box and case else "",
        subject=title,
        message_id=f"<{codes.new_trace()}@{domain}>",
        references=list(references),
        is_automatic=kind in _AUTOMATIC,
        at=now,
        next_at=now,
        **values,
    )
    tasks.deliver_mails.enqueue()
    return made


def _hold(owed: OutgoingMail, lacking: Sequence[str], now: datetime) -> None:
    owed.state, owed.error, owed.ended_at = State.HELD, lacking[0][:300], now
    owed.save(update_fields=["state", "error", "ended_at"])


@transaction.atomic
def release_held(*, now: datetime) -> int:
    """Let go what was held because something was lacking, once it lacks no more."""
    held = OutgoingMail.objects.filter(state=State.HELD, at__gt=now - RECHECKED_FOR)
    free = [
        owed.pk
        for owed in held.select_related(
            "case__service", "case__authority", "case__referent__entry", "case__deputy__entry"
        ).order_by("pk")[:200]
        if owed.case is not None and not cases.signature(owed.case, on=localdate(now)).lacking
    ]
    return OutgoingMail.objects.filter(pk__in=free, state=State.HELD).update(
        state=State.WAITING, error="", ended_at=None, next_at=now
    )


@transaction.atomic
def send_again(owed: OutgoingMail, *, agent: Agent, now: datetime) -> OutgoingMail:
    """Try once more what was given up, after somebody has put things right."""
    if owed.state != State.GIVEN_UP or (
        not owed.text and owed.kind in {rules.MESSAGE, rules.ANSWER}
    ):
        raise Refused(_("This message is on its way, or was sent."), code="stale")
    owed.state, owed.error, owed.ended_at = State.WAITING, "", None
    owed.attempts, owed.next_at = 0, now
    owed.save(update_fields=["state", "error", "ended_at", "attempts", "next_at"])
    journal.record(agent, "mail.sent_again", owed, authority_id=owed.authority_id)
    tasks.deliver_mails.enqueue()
    return owed
