"""The mail room: what comes is registered once, what leaves gets its number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import actions as cases
from parvis.cases.models import Case, CaseEntry
from parvis.common import files, journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel
from parvis.letters import rules
from parvis.letters.actions.common import check_reads, next_number, today_of
from parvis.letters.models import IncomingPost, OutgoingPost, PostNumber
from parvis.organisations.models import Service, Topic

SCANS = frozenset({files.PDF, files.PNG, files.JPEG, files.TIFF})


@dataclass(frozen=True)
class Scan:
    """A scanned letter that is in the store already: nothing slow waits in a transaction."""

    digest: str
    name: str
    kind: str
    size: int


def keep_scan(chunks: Iterable[bytes], *, name: str) -> Scan:
    """Store a scan by its content; what it is shows in its bytes, not in its name."""
    digest, size, kind = files.keep(chunks, kinds=SCANS)
    return Scan(digest, files.safe_name(name, kind), kind, size)


@dataclass(frozen=True)
class Came:
    """What is written down of a letter that came."""

    sender: str
    subject: str
    topic: Topic
    received_on: date
    posted_on: date | None = None
    address: str = ""
    registered_number: str = ""
    scan: Scan | None = None


@transaction.atomic
def register_letter(
    came: Came, *, agent: Agent, now: datetime, case: Case | None = None, opens: bool = False
) -> IncomingPost:
    """Give an incoming letter its number; with a case, or opening one, if it is about one.

    The legal clock counts from the day it was received, whenever it is registered (R112-5).
    """
    _check(came, agent, today_of(agent, now))
    year = came.received_on.year
    number = next_number(agent.authority_id, PostNumber.Way.IN, year)
    scan = came.scan
    row = IncomingPost(
        authority_id=agent.authority_id,
        year=year,
        number=number,
        posted_on=came.posted_on,
        received_on=came.received_on,
        registered_at=now,
        sender=one_line(came.sender)[:120],
        address=one_line(came.address)[:240],
        subject=one_line(came.subject)[:160] or came.topic.label[:160],
        registered_number=one_line(came.registered_number)[:40],
        topic=came.topic,
        service_id=came.topic.service_id,
        agent=agent,
        scan=scan.digest if scan else "",
        scan_name=scan.name if scan else "",
        scan_kind=scan.kind if scan else "",
        scan_size=scan.size if scan else 0,
    )
    row.save()
    journal.record(agent, "letters.post_registered", row, number=row.label)
    if case is not None:
        attach_letter(row, case, agent=agent, now=now)
    elif opens:
        open_case_of(row, agent=agent, now=now)
    return row


def _check(came: Came, agent: Agent, today: date) -> None:
    if not came.sender.strip():
        raise Refused(_("Write who sent the letter; “unknown” when nobody is named."))
    if came.topic.authority_id != agent.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if came.received_on > today:
        raise Refused(_("A letter is not received in the future."))
    if came.posted_on is not None and came.posted_on > came.received_on:
        raise Refused(_("The postmark cannot be later than the day of reception."))


@transaction.atomic
def attach_letter(row: IncomingPost, case: Case, *, agent: Agent, now: datetime) -> IncomingPost:
    """Put a letter with its case: the service sees it, and it is our turn."""
    check_reads(case, agent)
    changed = IncomingPost.objects.filter(pk=row.pk, case=None).update(
        case=case, service_id=case.service_id
    )
    if not changed:
        raise Refused(_("This letter is with a case already."), code="stale")
    row.case, row.service = case, case.service
    _tell(row, agent=agent, now=now)
    journal.record(agent, "letters.post_attached", row, case=case.reference)
    return row


def _tell(row: IncomingPost, *, agent: Agent, now: datetime) -> None:
    """Say it in the story of the case, with the scan beside the line."""
    assert row.case is not None  # noqa: S101
    line = cases.note_letter_in(
        row.case,
        agent=agent,
        now=now,
        subject=row.subject,
        number=row.label,
        received_on=row.received_on,
    )
    _show_scan(row, line, agent=agent, now=now)


def _show_scan(row: IncomingPost, line: CaseEntry | None, *, agent: Agent, now: datetime) -> None:
    """Keep the scan among the documents of the case; what browsers cannot show stays here."""
    kept = files.path_of(row.scan) if row.scan and row.scan_kind != files.TIFF else None
    if row.case is None or kept is None or not kept.exists():
        return
    cases.attach(
        row.case,
        name=row.scan_name,
        kind=row.scan_kind,
        data=kept.read_bytes(),
        now=now,
        agent=agent,
        entry=line,
    )


@transaction.atomic
def open_case_of(row: IncomingPost, *, agent: Agent, now: datetime) -> Case:
    """Open the case that a letter asks for: its clock counts from the day it was received."""
    if IncomingPost.objects.filter(pk=row.pk, case=None).update(topic=row.topic) == 0:
        raise Refused(_("This letter is with a case already."), code="stale")
    person, _linking = contacts.identify_person(
        row.topic.authority, now=now, last_name=row.sender[:80], address=row.address
    )
    opened = cases.open_case(
        topic=row.topic,
        channel=Channel.POST,
        description=_("Letter %(number)s: %(subject)s")
        % {"number": row.label, "subject": row.subject},
        title=row.subject,
        now=now,
        agent=agent,
        person=person,
        received_on=row.received_on,
        posted_on=row.posted_on,
    )
    case = opened.case
    IncomingPost.objects.filter(pk=row.pk).update(case=case, service_id=case.service_id)
    row.case, row.service = case, case.service
    _tell(row, agent=agent, now=now)
    journal.record(agent, "letters.post_attached", row, case=case.reference, opened=True)
    return case


@transaction.atomic
def note_scan(row: IncomingPost, scan: Scan, *, agent: Agent, now: datetime) -> IncomingPost:
    """Add the scan of a letter that was registered without one; a scan is never replaced."""
    changed = IncomingPost.objects.filter(pk=row.pk, scan="").update(
        scan=scan.digest, scan_name=scan.name, scan_kind=scan.kind, scan_size=scan.size
    )
    if not changed:
        raise Refused(_("This letter has its scan already."), code="stale")
    row.scan, row.scan_name = scan.digest, scan.name
    row.scan_kind, row.scan_size = scan.kind, scan.size
    _show_scan(row, None, agent=agent, now=now)
    journal.record(agent, "letters.scan_added", row)
    return row


@dataclass(frozen=True)
class Left:
    """What is written down of a letter that was not written here."""

    recipient: str
    subject: str
    service: Service
    posted_on: date
    way: str
    address: str = ""
    registered_number: str = ""


@transaction.atomic
def note_outgoing(left: Left, *, agent: Agent, now: datetime) -> OutgoingPost:
    """Enter a letter that was not written here in the register of what left."""
    if left.service.authority_id != agent.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if left.posted_on > today_of(agent, now):
        raise Refused(_("A letter is not posted in the future."))
    tracked = one_line(left.registered_number)[:40]
    if left.way == rules.Way.REGISTERED and not tracked:
        raise Refused(_("Write the number of the registered letter."))
    year = left.posted_on.year
    row = OutgoingPost.objects.create(
        authority_id=agent.authority_id,
        year=year,
        number=next_number(agent.authority_id, PostNumber.Way.OUT, year),
        posted_on=left.posted_on,
        way=left.way,
        registered_number=tracked if left.way == rules.Way.REGISTERED else "",
        recipient=one_line(left.recipient)[:120],
        address=one_line(left.address)[:300],
        subject=one_line(left.subject)[:160],
        service=left.service,
        agent=agent,
        at=now,
    )
    journal.record(agent, "letters.post_sent", row, number=row.label)
    return row
