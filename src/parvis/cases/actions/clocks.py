"""The legal clock of a case: begun with it, counted again whenever a fact changes."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from parvis.accounts.models import Agent
from parvis.cases import queries, rules
from parvis.cases.actions import story
from parvis.cases.events import SilenceNear
from parvis.cases.models import Case, LegalClock, Procedure
from parvis.common import clock
from parvis.common.calendar import Territory, WorkingCalendar, zone_of
from parvis.common.events import emit

REMINDED = 500  # cases in one run of the job; the next run goes on


def start(case: Case, *, now: datetime, first_received_on: date | None = None) -> LegalClock | None:
    """Begin the clock of a new case, when its topic follows a procedure."""
    procedure = Procedure.objects.filter(links__topic=case.topic_id, is_active=True).first()
    if procedure is None:
        return None
    legal = _build(case, procedure, first_received_on or case.received_on)
    due = rules.electronic_due(
        now,
        channel=case.channel,
        zone=zone_of(case.authority.territory, home=settings.TIME_ZONE),
        calendar=WorkingCalendar(Territory(case.authority.territory)),
        days=procedure.receipt_days,
    )
    if due is not None and not legal.exemption:
        legal.registration_due_on, legal.receipt_due_on = due.registration_on, due.full_on
    legal.falls_on = queries.count(legal, ()).falls_on
    legal.save()
    return legal


def _build(case: Case, procedure: Procedure, first_received_on: date) -> LegalClock:
    return LegalClock(
        case=case,
        procedure=procedure,
        silence=procedure.silence,
        months=procedure.months,
        legal_reference=procedure.legal_reference,
        appeal=procedure.appeal,
        exemption=procedure.receipt_exemption,
        exemption_reason=procedure.exemption_reason,
        first_received_on=first_received_on,
        competent_received_on=case.received_on,
    )


@dataclass(frozen=True)
class Change:
    """A fact that moves the clock; what is None stays."""

    decided_on: date | None = None
    left_for_another: bool = False
    came_back: bool = False


def recount(case: Case, change: Change = Change()) -> LegalClock | None:
    """Write the fact down and count again, in the transaction of whoever changed it."""
    for part in queries.part_ids(case)[1:]:
        _recount(Case.objects.get(pk=part), change)
    return _recount(case, change)


def _recount(case: Case, change: Change) -> LegalClock | None:
    legal = LegalClock.objects.select_for_update().filter(case=case).first()
    if legal is None:
        return None
    legal.case = case
    if change.decided_on is not None and legal.decided_on is None:
        legal.decided_on = max(change.decided_on, legal.first_received_on)
    if change.left_for_another:
        legal.competent_received_on = None
    if change.came_back and legal.competent_received_on is None:
        legal.competent_received_on = case.received_on
    legal.falls_on = queries.count(legal, case.items.all()).falls_on
    legal.save(update_fields=["decided_on", "competent_received_on", "falls_on"])
    return legal


def local_today(now: datetime, agent: Agent | None) -> date:
    """The day at the place where somebody works, else at the seat of the installation."""
    zone = agent.site.timezone if agent is not None and agent.site else settings.TIME_ZONE
    return clock.local_day(now, ZoneInfo(zone))


@transaction.atomic
def start_clocks(procedure: Procedure, *, agent: Agent, now: datetime) -> int:
    """Give their clock to the cases that ran before their topic had a procedure."""
    cases = list(queries.without_clock(procedure).select_related("authority").order_by("pk"))
    begun = []
    for case in cases:
        legal = _build(case, procedure, case.received_on)
        legal.falls_on = queries.count(legal, case.items.all()).falls_on
        begun.append(legal)
    LegalClock.objects.bulk_create(begun, batch_size=200)
    for case in cases:
        story.note_down(case, agent, "clock_started", procedure=procedure.pk)
    return len(begun)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Put a line before whoever follows a case, once for each day that comes near."""
    today = clock.local_day(now, ZoneInfo(settings.TIME_ZONE))
    due = list(queries.to_remind(today)[:REMINDED])
    for legal in due:
        _remind(legal, now)
    return len(due)


def _remind(legal: LegalClock, now: datetime) -> None:
    case, falls_on = legal.case, legal.falls_on
    if falls_on is None:
        return
    legal.warned_for = falls_on
    legal.save(update_fields=["warned_for"])
    # No act: the case may sleep all the same, and only its service reads the line.
    Case.objects.filter(pk=queries.root_id(case)).update(unread_by_service=True)
    story.add_line(
        case,
        story.Kind.CLOCK,
        now=now,
        internal_reason=story.REMINDER,
        silence=legal.silence,
        falls_on=falls_on.isoformat(),
    )
    story.note_down(case, None, "silence_near", falls_on=falls_on.isoformat())
    emit(SilenceNear(case.pk, case.authority_id, falls_on))
