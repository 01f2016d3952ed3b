"""Reading leaves a trace: once a day within the service, each time with a reason from outside."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.accounts import queries as accounts
from parvis.accounts.models import Agent
from parvis.cases import queries, rules
from parvis.cases.actions import clocks, story
from parvis.cases.events import SealBroken
from parvis.cases.models import Case, CaseRead
from parvis.common import codes, journal, outbox
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line


@transaction.atomic
def say_why(case: Case, *, agent: Agent, now: datetime, reason: str, words: str = "") -> CaseRead:
    """Write down why somebody of another service reads the case; it opens for a while."""
    story.check_agent(case, agent)
    said = one_line(words)[:200]
    if not rules.is_reason(reason, said):
        raise Refused(_("Say why you open this case: the service and the person read it."))
    return _keep(case, agent, now, reason=reason, words=said)


@transaction.atomic
def break_seal(case: Case, *, agent: Agent, now: datetime, words: str) -> CaseRead:
    """Open a sealed case to read because somebody is in danger; the officer is told at once."""
    said = one_line(words)[:200]
    if agent.authority_id != case.authority_id or not agent.may("cases.break_seal"):
        raise Refused(_("This belongs to another authority."), code="foreign")
    if not rules.is_reason(rules.SAFETY, said, chosen=(rules.SAFETY,)):
        raise Refused(_("Say who is in danger of what, in twenty signs at least."))
    row = _keep(case, agent, now, reason=rules.SAFETY, words=said)
    story.note_down(case, agent, "seal_broken", read=row.pk)
    emit(SealBroken(case.pk, case.authority_id, agent.pk))
    _tell_officers(case, agent, said, now)
    return row


def _tell_officers(case: Case, agent: Agent, said: str, now: datetime) -> None:
    """Whoever guards the data, and the service itself, hear of it without looking."""
    officers = accounts.protection_officers(case.authority_id, now)
    with translation.override("fr"):
        context = {"reference": codes.format_reference(case.reference), "who": agent.display_name}
        context |= {"service": case.service.label, "words": said}
        text = render_to_string("cases/seal_broken.txt", context)
        subject = _("Sealed case %(reference)s opened because of danger") % context
    reply_to = case.service.email or case.authority.email
    for address in dict.fromkeys([*(one.email for one in officers), case.service.email]):
        if address and reply_to:
            outbox.send_mail(address, subject=subject, text=text, reply_to=reply_to)


@transaction.atomic
def note_log_exported(agent: Agent, *, now: datetime) -> None:
    """Whoever takes the log away leaves a line of their own."""
    journal.record(agent, "cases.log_exported", agent)


def note_opened(case: Case, agent: Agent | None, now: datetime) -> None:
    """Whoever wrote the request down for another service has read it: that needs no question."""
    if agent is not None and rules.is_outside(agent.service_id, case.service_id):
        _keep(case, agent, now, reason=rules.WRITTEN)


def record_reading(case: Case, *, agent: Agent, now: datetime) -> None:
    """Keep account of a reading within the service; from outside the reason was kept before."""
    if rules.is_outside(agent.service_id, case.service_id):
        return
    day = clocks.local_today(now, agent)
    if case.unread_by_service or not queries.has_read(case, agent, day):
        _record(case, agent, now)


@transaction.atomic
def _record(case: Case, agent: Agent, now: datetime) -> None:
    _keep(case, agent, now)
    if case.unread_by_service:
        case.unread_by_service = False
        case.save(update_fields=["unread_by_service"])


def _keep(
    case: Case, agent: Agent, now: datetime, *, reason: str = "", words: str = ""
) -> CaseRead:
    row = CaseRead(
        authority_id=case.authority_id,
        case=case,
        agent=agent,
        service_id=agent.service_id,
        at=now,
        day=clocks.local_today(now, agent),
        is_outside=bool(reason),
        reason=reason,
        words=words,
    )
    if reason:
        row.save()
    else:
        # Two windows opened at once are one reading of that day.
        CaseRead.objects.bulk_create([row], ignore_conflicts=True)
    return row
