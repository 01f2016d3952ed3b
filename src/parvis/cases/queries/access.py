"""The log of readings, for whoever guards the data: who opened which case, when and what for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from parvis.cases.models import Case, CaseRead
from parvis.common import codes, keyset
from parvis.common.access import Actor

PAGE = 50
CHUNK = 2000


@dataclass(frozen=True)
class LogFilters:
    """What the reader of the log asked for; empty means everything."""

    first: date | None = None
    last: date | None = None
    reader_id: int | None = None
    service_id: int | None = None  # that follows the case
    reason: str = ""
    reference: str = ""
    everybody: bool = False  # the service's own readings as well


@dataclass(frozen=True)
class LogLine:
    """One reading; never a title, a topic or the name of a person."""

    pk: int
    at: datetime
    who: str
    of_service: str
    reference: str
    case_service: str
    reason: str
    words: str
    is_danger: bool


@dataclass(frozen=True)
class LogPage:
    """One page of the log, latest first."""

    lines: Sequence[LogLine]
    next: str


def access_log(actor: Actor, filters: LogFilters, *, after: str = "") -> LogPage:
    """Readings of the authority, by keyset; a sealed case only for the officer and its service."""
    rows = _filtered(actor, filters)
    key = keyset.read(after)
    if key:
        rows = rows.filter(keyset.older("at", key))
    found = list(_with_names(rows)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return LogPage(
        [_line(row) for row in found[:PAGE]], keyset.mark(last.at, last.pk) if last else ""
    )


def whole_log(actor: Actor, filters: LogFilters) -> Iterator[LogLine]:
    """Every reading asked for, for an export."""
    for row in _with_names(_filtered(actor, filters)).iterator(CHUNK):
        yield _line(row)


def _with_names(rows: QuerySet[CaseRead]) -> QuerySet[CaseRead]:
    named = rows.select_related("agent__entry", "service", "case__service")
    return named.order_by("-at", "-pk")


def _filtered(actor: Actor, filters: LogFilters) -> QuerySet[CaseRead]:
    rows = CaseRead.objects.visible_to(actor)
    if not actor.may("journal.read"):
        own = getattr(actor, "service_id", None)
        rows = rows.filter(Q(case__service__is_sensitive=False) | Q(case__service_id=own))
    if not filters.everybody:
        rows = rows.filter(is_outside=True)
    if filters.first:
        rows = rows.filter(day__gte=filters.first)
    if filters.last:
        rows = rows.filter(day__lte=filters.last)
    if filters.reader_id:
        rows = rows.filter(agent_id=filters.reader_id)
    if filters.service_id:
        rows = rows.filter(case__service_id=filters.service_id)
    if filters.reason:
        rows = rows.filter(reason=filters.reason)
    if filters.reference:
        plain = codes.parse_reference(filters.reference)
        named = Case.objects.filter(authority_id=actor.authority_id, reference=plain or "")
        rows = rows.filter(case__in=named)
    return rows


def _line(row: CaseRead) -> LogLine:
    return LogLine(
        pk=row.pk,
        at=row.at,
        who=row.agent.display_name,
        of_service=row.service.label if row.service else "",
        reference=codes.format_reference(row.case.reference),
        case_service=row.case.service.label,
        reason=str(CaseRead.Reason(row.reason).label) if row.reason else "",
        words=row.words,
        is_danger=row.reason == CaseRead.Reason.SAFETY,
    )
