"""Complaints and incidents: received with a day, taken by somebody, answered or settled."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.common import clock, journal
from parvis.common.calendar import Territory, WorkingCalendar, add_working_days, day_zero
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts.models import Channel
from parvis.feedback import rules
from parvis.feedback.events import ComplaintReceived
from parvis.feedback.models import Complaint, Incident

LONGEST = 5000


@transaction.atomic
def complain(
    case: Case,
    *,
    now: datetime,
    words: str,
    wanted: str = "",
    channel: str = Channel.WEB,
    agent: Agent | None = None,
) -> Complaint:
    """Receive a complaint about a case, from its page or told to a colleague."""
    _check_tenant(case, agent)
    said = _words(words, _("Write what happened."))
    if Complaint.objects.filter(case=case, words=said).exists():
        raise Refused(_("This complaint has arrived already."), code="stale")
    calendar = WorkingCalendar(Territory(case.authority.territory))
    day = day_zero(now, ZoneInfo(settings.TIME_ZONE), calendar)
    complaint = Complaint.objects.create(
        authority_id=case.authority_id,
        service_id=case.service_id,
        case=case,
        channel=channel,
        received_at=now,
        words=said,
        wanted=one_line(wanted)[:500],
        recorded_by=agent,
        take_by=add_working_days(day, rules.TAKEN_WITHIN, calendar),
        due_on=add_working_days(day, rules.ANSWERED_WITHIN, calendar),
    )
    _note(agent or journal.PERSON, "complaint_received", complaint)
    emit(ComplaintReceived(complaint.pk, complaint.authority_id, complaint.service_id))
    return complaint


@transaction.atomic
def take_complaint(complaint: Complaint, *, agent: Agent, now: datetime) -> Complaint:
    """Somebody who does not follow the case looks at it, under their own name."""
    _check_owner(complaint, agent)
    waiting = Complaint.objects.filter(pk=complaint.pk, state=Complaint.State.RECEIVED)
    if not waiting.update(state=Complaint.State.TAKEN, owner=agent, taken_at=now):
        raise Refused(_("A colleague looks at this complaint already."), code="stale")
    complaint.refresh_from_db()
    _note(agent, "complaint_taken", complaint)
    return complaint


@transaction.atomic
def answer_complaint(
    complaint: Complaint, *, agent: Agent, now: datetime, answer: str, verdict: str
) -> Complaint:
    """Answer with reasons: the person reads it on their page, with the name of who answers."""
    _check_owner(complaint, agent)
    said = _words(answer, _("Write the answer that the person reads."))
    if verdict not in Complaint.Verdict.values:
        raise Refused(_("Say whether the complaint is justified."))
    if complaint.state == Complaint.State.RECEIVED:
        take_complaint(complaint, agent=agent, now=now)
    waiting = Complaint.objects.filter(pk=complaint.pk, state=Complaint.State.TAKEN)
    changed = waiting.update(
        state=Complaint.State.ANSWERED, owner=agent, answered_at=now, answer=said, verdict=verdict
    )
    if not changed:
        raise Refused(_("This complaint is answered already."), code="stale")
    complaint.refresh_from_db()
    _note(agent, "complaint_answered", complaint, verdict=verdict)
    return complaint


@transaction.atomic
def report_incident(
    *,
    agent: Agent,
    now: datetime,
    kind: str,
    severity: int,
    words: str = "",
    happened_at: datetime | None = None,
    case: Case | None = None,
) -> Incident:
    """Write down what a colleague went through; somebody sees to it."""
    if case is not None:
        _check_tenant(case, agent)
    if kind not in Incident.Kind.values or severity not in range(1, 5):
        raise Refused(_("Choose what it was and how serious."))
    when = happened_at or now
    if when > now:
        raise Refused(_("It cannot have happened in the future."))
    calendar = WorkingCalendar(Territory(agent.authority.territory))
    today = clock.local_day(now, ZoneInfo(settings.TIME_ZONE))
    incident = Incident.objects.create(
        authority_id=agent.authority_id,
        case=case,
        kind=kind,
        severity=severity,
        happened_at=when,
        reported_by=agent,
        words=words.strip()[:LONGEST],
        due_on=add_working_days(today, rules.SEEN_TO_WITHIN[severity], calendar),
    )
    _note(agent, "incident_reported", incident, kind=kind, severity=severity)
    return incident


@transaction.atomic
def take_incident(incident: Incident, *, agent: Agent, now: datetime) -> Incident:
    """Somebody sees to it, under their own name."""
    _check_house(incident, agent)
    waiting = Incident.objects.filter(pk=incident.pk, state=Incident.State.REPORTED)
    if not waiting.update(state=Incident.State.TAKEN, owner=agent):
        raise Refused(_("A colleague sees to this already."), code="stale")
    incident.refresh_from_db()
    _note(agent, "incident_taken", incident)
    return incident


@transaction.atomic
def settle_incident(incident: Incident, *, agent: Agent, now: datetime, done: str) -> Incident:
    """Say what was done for the colleague, and what changes."""
    _check_house(incident, agent)
    said = _words(done, _("Write what was done."))
    waiting = Incident.objects.filter(pk=incident.pk).exclude(state=Incident.State.SETTLED)
    settled = Incident.State.SETTLED
    if not waiting.update(state=settled, owner=agent, settled_at=now, done=said):
        raise Refused(_("This is settled already."), code="stale")
    incident.refresh_from_db()
    _note(agent, "incident_settled", incident)
    return incident


def _check_tenant(case: Case, agent: Agent | None) -> None:
    if agent is not None and agent.authority_id != case.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")


def _check_house(incident: Incident, agent: Agent) -> None:
    if agent.authority_id != incident.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")


def _check_owner(complaint: Complaint, agent: Agent) -> None:
    case = complaint.case
    if agent.authority_id != complaint.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    concerned = {case.referent_id, case.deputy_id} if case else set()
    if agent.pk in concerned:
        raise Refused(_("You follow this case: another colleague looks at the complaint."))


def _words(text: str, empty: str) -> str:
    kept = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not kept:
        raise Refused(empty, code="empty")
    if len(kept) > LONGEST:
        raise Refused(_("This text is too long: 5,000 characters at most."), code="too_long")
    return kept


def _note(actor: Agent | str, verb: str, subject: Complaint | Incident, **data: object) -> None:
    authority_id = subject.authority_id
    journal.record(actor, f"feedback.{verb}", subject, authority_id=authority_id, **data)
