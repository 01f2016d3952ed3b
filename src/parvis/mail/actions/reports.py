"""What did not arrive: the address is dead or only full, the agent of the case sees it."""

from datetime import datetime

from parvis.cases import actions as cases
from parvis.common import journal
from parvis.common.events import emit
from parvis.contacts.rules import normal_email
from parvis.mail import queries, rules
from parvis.mail.events import MailCameBack
from parvis.mail.models import DeadAddress, OutgoingMail, ReceivedMail
from parvis.mail.reading.message import Read

State = OutgoingMail.State


def take(mail: ReceivedMail, read: Read, *, now: datetime) -> None:
    """Take note of a report about a message of ours."""
    about, report = queries.outgoing_of(read, mail.envelope_to, mail.authority_id), read.report
    if about is None or report is None:
        return
    mail.about, mail.case = about, about.case
    mail.save(update_fields=["about", "case"])
    if report.action == "delayed":
        about.error = report.why[:300]
        about.save(update_fields=["error"])
    if report.action != "failed":
        return
    # A server behind an alias names another recipient: that one is not ours to judge.
    same = not report.recipient or normal_email(report.recipient) == about.to
    note_failure(
        about, status=report.status, why=report.why, now=now, is_dead=same and
        rules.kills_the_address(report.action, report.status),
    )  # fmt: skip


def note_failure(
    about: OutgoingMail, *, status: str, why: str, now: datetime, is_dead: bool
) -> None:
    """A message of ours did not arrive; perhaps nothing ever will at that address."""
    about.state, about.ended_at = State.BOUNCED, now
    about.error = f"{status} {why}".strip()[:300]
    about.save(update_fields=["state", "ended_at", "error"])
    if is_dead and about.to:
        DeadAddress.objects.update_or_create(
            authority_id=about.authority_id,
            address=about.to,
            defaults={"since": now, "status": status[:12], "why": why[:300]},
        )
    if about.case is not None:
        cases.call_attention(about.case)
    journal.record(
        None, "mail.came_back", about, authority_id=about.authority_id, status=status, dead=is_dead
    )
    emit(MailCameBack(about.pk, about.authority_id, about.case_id, status))
