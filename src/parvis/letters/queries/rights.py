"""What the law owes on request once silence has spoken, and how far that has got."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from parvis.accounts.models import Agent
from parvis.cases import queries as cases
from parvis.cases import rules as case_rules
from parvis.cases.models import Case
from parvis.letters import rules
from parvis.letters.models import Decision, RightRequest

Kind = RightRequest.Kind


@dataclass(frozen=True)
class Right:
    """One thing that the person may ask for today."""

    kind: str
    silence_on: date
    due_on: date
    is_legal: bool


def open_rights(case: Case, today: date) -> list[Right]:
    """What may be asked for today and was not asked for yet."""
    right = _right(case, today)
    if right is None:
        return []
    asked = RightRequest.objects.filter(
        case=case, kind=right.kind, silence_on=right.silence_on
    ).exists()
    return [] if asked else [right]


def _right(case: Case, today: date) -> Right | None:
    legal = cases.legal_clock(case)
    if legal is None or case.state == Case.State.FORWARDED:
        return None
    counted = cases.count(legal, case.items.all())
    if counted.falls_on is None or not counted.has_fallen(today):
        return None
    if case_rules.certificate_may_be_asked(counted, today):
        due = rules.certificate_due_on(today)
        return Right(Kind.CERTIFICATE, counted.falls_on, due, is_legal=False)
    given = legal.receipt_sent_at is not None
    period = case_rules.appeal(counted.falls_on, proper_receipt=given)
    owed = case_rules.motives_due_on(today, refused_on=counted.falls_on, period=period)
    return Right(Kind.MOTIVES, counted.falls_on, owed, is_legal=True) if owed else None


def asked(case: Case) -> list[RightRequest]:
    """What was asked for, latest first."""
    rows = RightRequest.objects.filter(case__in=cases.part_ids(case))
    return list(rows.select_related("letter", "agent__entry").order_by("-pk"))


def awaiting(agent: Agent) -> QuerySet[RightRequest]:
    """What the agent's own service owes and has not answered, the nearest day first."""
    rows = RightRequest.objects.visible_to(agent).filter(answered_on=None)
    if not agent.may("letters.manage"):
        rows = rows.filter(case__service__in=[agent.service_id] if agent.service_id else [])
    return rows.select_related("case__service").order_by("due_on", "pk")


def decisions(case: Case) -> list[Decision]:
    """The decisions on a case that stand, latest first."""
    rows = Decision.objects.filter(case__in=cases.part_ids(case), withdrawn_at=None).select_related(
        "delegation__entry__service", "agent__entry"
    )
    return list(rows.prefetch_related("articles__article__text").order_by("-pk"))


def appeal_text(case: Case) -> str:
    """How refusals of this kind of request are contested, as the procedure says."""
    legal = cases.legal_clock(case)
    return legal.appeal if legal else ""
