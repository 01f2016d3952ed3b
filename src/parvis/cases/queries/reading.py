"""Readings of cases: who has to say why, and what is told of it to colleagues and person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.models import Case, CaseRead
from parvis.cases.queries.finding import with_everybody
from parvis.cases.queries.joining import part_ids

Reason = CaseRead.Reason
SHOWN = 20


def needs_reason(case: Case, agent: Agent, now: datetime, *, acting: bool = False) -> bool:
    """Must this colleague say why before the case opens?"""
    if not rules.is_outside(agent.service_id, case.service_id):
        return False
    own = CaseRead.objects.filter(case=case, agent=agent, is_outside=True)
    if agent.is_robot and own.filter(reason=Reason.WRITTEN).exists():
        return False  # a program follows what it sent
    last = own.order_by("-at").values_list("at", flat=True).first()
    return not rules.reason_holds(last, now, acting=acting)


def has_read(case: Case, agent: Agent, day: date) -> bool:
    """Has this colleague of the service read the case that day?"""
    return CaseRead.objects.filter(case=case, agent=agent, day=day, is_outside=False).exists()


def opened_in_danger(agent: Agent, reference: str, now: datetime) -> Case | None:
    """A sealed case whose seal this colleague broke a moment ago; to read, never to act on."""
    broken = CaseRead.objects.filter(
        agent=agent,
        reason=Reason.SAFETY,
        at__gt=now - rules.SEAL_OPEN,
        case__reference=reference,
        authority_id=agent.authority_id,
    )
    last = broken.order_by("-at").values_list("case_id", flat=True).first()
    return with_everybody(Case.objects.filter(pk=last)).first() if last else None


def reasons_to_choose() -> list[tuple[str, str]]:
    """The short list of reasons, in words."""
    return [(code, str(Reason(code).label)) for code in rules.REASONS]


@dataclass(frozen=True)
class Reading:
    """Somebody outside the service opened the case."""

    at: datetime
    who: str
    service: str
    reason: str
    words: str


def outside_readings(case: Case, *, limit: int = SHOWN) -> list[Reading]:
    """The last readings from outside the owning service, which every reader of the case sees."""
    rows = _outside(case).select_related("agent__entry", "service")[:limit]
    return [
        Reading(
            row.at,
            row.agent.display_name,
            row.service.label if row.service else "",
            str(Reason(row.reason).label),
            row.words,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ToldReading:
    """A reading as the person reads it: which service, when, and what for."""

    at: datetime
    who: str
    why: str
    words: str


# How each reason ends the sentence that the person reads.
_TOLD = {
    Reason.HERE: gettext_lazy("to answer you at the desk or on the telephone"),
    Reason.LETTER: gettext_lazy("to answer a letter or message of yours"),
    Reason.HELP: gettext_lazy("to help the service that follows it"),
    Reason.TAKE_OVER: gettext_lazy("to take it over or pass it on"),
    Reason.CHECK: gettext_lazy("to look into a complaint or the quality of an answer"),
    Reason.RIGHTS: gettext_lazy("to answer your question about your data"),
    Reason.OTHER: gettext_lazy("for another reason"),
    Reason.SAFETY: gettext_lazy("because somebody was in danger"),
}


def told_readings(case: Case, *, limit: int = SHOWN) -> list[ToldReading]:
    """Who outside the service read the request, in words for the person."""
    rows = _outside(case).select_related("service", "agent__authority")[:limit]
    return [
        ToldReading(
            row.at,
            row.service.label if row.service else row.agent.authority.name,
            str(_TOLD[Reason(row.reason)]),
            row.words,
        )
        for row in rows
    ]


def _outside(case: Case) -> QuerySet[CaseRead]:
    # Who wrote the request down stands in its first line already.
    rows = CaseRead.objects.filter(case__in=part_ids(case), is_outside=True)
    return rows.exclude(reason=Reason.WRITTEN).order_by("-at", "-id")


def title_before(case: Case, agent: Agent, now: datetime) -> str:
    """What a case may be called on a page of somebody who has perhaps not said why yet."""
    if not needs_reason(case, agent, now, acting=True):
        return case.title
    return _("Request followed by %(service)s") % {"service": case.service.label}
