"""A kept message is read by a process of its own, and brought to its place."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parvis.cases import actions as cases
from parvis.cases.models import Case, CaseEntry
from parvis.common import files, journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.contacts.rules import normal_email
from parvis.mail import queries, rules
from parvis.mail.actions import owing, reports
from parvis.mail.events import MailSorted
from parvis.mail.models import DeadAddress, MailFile, ReceivedMail
from parvis.mail.reading import runner
from parvis.mail.reading.message import Read
from parvis.mail.reading.runner import Result

MOST_TRIES: Final = 3
STALE: Final = timedelta(minutes=2)
LONGEST_ENTRY: Final = 4800  # of the story of a case; the whole message is one click away
Reader = Callable[[Path], Result]


def read_one(pk: int, *, now: datetime, reader: Reader = runner.read) -> bool:
    """Read one message and bring it to its place; safe to run twice, and after a kill -9."""
    mail = ReceivedMail.objects.filter(pk=pk, state=rules.KEPT).first()
    if mail is None:
        return False
    claim = ReceivedMail.objects.filter(pk=pk, state=rules.KEPT, attempts=mail.attempts)
    if not claim.update(attempts=F("attempts") + 1):
        return False  # another worker is at it
    source = files.path_of(mail.digest)
    if mail.attempts >= MOST_TRIES:
        result = Result(unreadable="crash")
    elif not source.exists():
        result = Result(unreadable="lost")
    else:
        result = reader(source)
    return _settle(pk, result, now)


def read_due(*, now: datetime, reader: Reader = runner.read) -> int:
    """Read every message that a lost job left unread."""
    left = ReceivedMail.objects.filter(state=rules.KEPT, received_at__lt=now - STALE)
    found = list(left.order_by("pk").values_list("pk", flat=True)[:200])
    return sum(read_one(pk, now=now, reader=reader) for pk in found)


@transaction.atomic
def _settle(pk: int, result: Result, now: datetime) -> bool:
    row = ReceivedMail.objects.select_for_update().filter(pk=pk, state=rules.KEPT)
    mail = row.first()
    if mail is None:
        return False
    mail.read_at = now
    if result.unreadable:
        mail.state, mail.reason = rules.QUARANTINED, result.unreadable
        _save(mail)
        return True
    _note_words(mail, result)
    read = result.read
    verdict = rules.sort(_evidence(mail, read))
    mail.state, mail.reason = verdict.state, verdict.reason
    case = Case.objects.select_related("service", "person").filter(pk=verdict.case_id or 0).first()
    if verdict.state == rules.THREADED and case is not None:
        _bring(mail, case, now)
    elif verdict.state == rules.QUARANTINED:
        mail.claimed = case
    elif verdict.state == rules.AUTOMATIC:
        mail.case = case
    _save(mail)
    if verdict.state == rules.BOUNCE:
        reports.take(mail, read, now=now)
    if verdict.may_answer:
        owing.owe_arrival(mail, now=now)
    return True


def _note_words(mail: ReceivedMail, result: Result) -> None:
    read = result.read
    mail.from_name, mail.from_address = read.from_name[:200], normal_email(read.from_address)[:320]
    mail.subject, mail.message_id = read.subject[:400], read.message_id[:900]
    mail.references = rules.chain(read.references or read.in_reply_to, "")
    mail.sent_at = datetime.fromisoformat(read.sent_at) if read.sent_at else None
    mail.text, mail.history, mail.html = read.text, read.history, read.html
    mail.notes = [str(note)[:20] for note in read.notes][:20]
    MailFile.objects.filter(mail=mail).delete()
    MailFile.objects.bulk_create(
        MailFile(
            mail=mail, place=place, name=files.safe_name(one.name, one.kind), kind=one.kind,
            size=one.size, digest=one.digest,
        )
        for place, one in enumerate(result.kept)
    )  # fmt: skip


def _evidence(mail: ReceivedMail, read: Read) -> rules.Evidence:
    signs = read.signs
    envelope = mail.envelope_from.strip().strip("<>")
    return rules.Evidence(
        sender=mail.from_address,
        is_ours=queries.is_ours(read, mail.authority_id),
        null_sender=signs.is_null or envelope == "",
        auto_submitted=signs.auto_submitted,
        precedence=signs.precedence,
        suppress=signs.suppress,
        is_list=signs.is_list,
        by_machine=signs.by_machine,
        is_report=read.report is not None,
        report_known=read.report is not None
        and queries.outgoing_of(read, mail.envelope_to, mail.authority_id) is not None,
        is_forged=_is_forged(signs.authentication),
        is_empty=not mail.text.strip() and not mail.files.exists(),
        threads=queries.threads_of(read, mail.envelope_to, mail.authority_id),
    )


def _is_forged(results: list[str]) -> bool:
    """Does our own mail server, and no other, say that the sender is not who they say?"""
    trusted = settings.MAIL["AUTHSERV"].lower()
    if not trusted:
        return False
    ours = [one.lower() for one in results if one.lower().split(";")[0].split()[:1] == [trusted]]
    return bool(ours) and "dmarc=fail" in ours[0]


def bring_to_case(mail: ReceivedMail, case: Case, *, now: datetime) -> None:
    """Put the words of a message into the story of its case, and its documents beside them."""
    text = mail.text.strip() or _("(A message without words.)")
    if len(text) > LONGEST_ENTRY:
        text = text[:LONGEST_ENTRY].rstrip() + " […]"
    cases.write_as_person(case, now=now, text=text, channel="email", mail_id=str(mail.pk))
    said = case.entries.filter(kind=CaseEntry.Kind.MESSAGE_IN).latest("id")
    mail.case, mail.entry = case, said
    keep_documents(mail, case, now=now, entry=said)


def keep_documents(
    mail: ReceivedMail, case: Case, *, now: datetime, entry: CaseEntry | None = None
) -> None:
    """Keep with the case what the content itself shows to be a document."""
    for one in mail.files.exclude(kind=""):
        data = files.path_of(one.digest).read_bytes()
        try:
            with transaction.atomic():
                cases.attach(case, name=one.name, kind=one.kind, data=data, now=now, entry=entry)
        except Refused:
            continue  # it stays with the message, where the agent finds it


def _bring(mail: ReceivedMail, case: Case, now: datetime) -> None:
    bring_to_case(mail, case, now=now)
    # Who writes from an address reads what is sent to it.
    DeadAddress.objects.filter(authority_id=mail.authority_id, address=mail.from_address).delete()


def _save(mail: ReceivedMail) -> None:
    mail.save()
    journal.record(
        None, "mail.mail_sorted", mail, authority_id=mail.authority_id, state=mail.state,
        reason=mail.reason,
    )  # fmt: skip
    emit(MailSorted(mail.pk, mail.authority_id, mail.state, mail.case_id))
