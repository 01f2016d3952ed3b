"""Questions of the desks to the departments, as the figures need them: nobody's name or words."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from parvis.common import keyset
from parvis.common.access import Actor
from parvis.common.clock import local_day
from parvis.departments.models import Question
from parvis.organisations.models import Service
from parvis.quality.queries.perimeter import Frame
from parvis.quality.queries.rows import PAGE
from parvis.quality.queries.sealed import unsealed
from parvis.quality.rules.answers import Asked, answers
from parvis.quality.rules.measures import Measure
from parvis.quality.rules.periods import Days

CHUNK = 2000
_CLOSED, _WITHDRAWN = Question.State.CLOSED, Question.State.WITHDRAWN


@dataclass(frozen=True)
class QuestionRow:
    """One question behind a figure."""

    question: Question
    asked: Asked


@dataclass(frozen=True)
class QuestionPage:
    """One page of questions, and the key of the next one."""

    rows: list[QuestionRow]
    next: str


@dataclass(frozen=True)
class OfService:
    """How one department answers."""

    service: Service
    measures: list[Measure]


def answering(frame: Frame, days: Days, now: datetime) -> dict[str, Measure]:
    """How departments answered what was asked in these days."""
    return answering_months(frame, [days], now)[0]


def answering_months(frame: Frame, months: list[Days], now: datetime) -> list[dict[str, Measure]]:
    """The same for stretches of days that follow one another: one query."""
    asked: dict[Days, list[Asked]] = {month: [] for month in months}
    for row in _questions(frame, Days(months[0].first, months[-1].last)):
        day = local_day(row.asked_at, frame.zone)
        month = next(month for month in months if day in month)
        asked[month].append(_asked(row))
    return [{one.code: one for one in answers(asked[month], now)} for month in months]


def by_service(frame: Frame, now: datetime) -> list[OfService]:
    """The same, department by department, by name: two queries."""
    perimeter = frame.perimeter
    asked: dict[int, list[Asked]] = defaultdict(list)
    for row in _questions(frame, Days(perimeter.first, perimeter.last)):
        asked[row.service_id].append(_asked(row))
    services = Service.objects.filter(pk__in=asked).order_by("name", "pk")
    return [OfService(service, answers(asked[service.pk], now)) for service in services]


def question_page(frame: Frame, after: str = "", *, reader: Actor) -> QuestionPage:
    """The questions of the perimeter that this reader may see, latest first."""
    rows = _latest(frame, reader)
    key = keyset.read(after)
    if key:
        rows = rows.filter(keyset.older("asked_at", key))
    found = list(rows[: PAGE + 1])
    mark = keyset.mark(found[PAGE - 1].asked_at, found[PAGE - 1].pk) if len(found) > PAGE else ""
    return QuestionPage([QuestionRow(one, _asked(one)) for one in found[:PAGE]], mark)


def all_questions(frame: Frame, *, reader: Actor) -> Iterator[QuestionRow]:
    """Every question of the perimeter that this reader may see, for an export."""
    for one in _latest(frame, reader).iterator(CHUNK):
        yield QuestionRow(one, _asked(one))


def sealed_questions(frame: Frame, reader: Actor) -> int:
    """How many questions count and are not listed for this reader."""
    days = Days(frame.perimeter.first, frame.perimeter.last)
    return _questions(frame, days).count() - _latest(frame, reader).count()


def _latest(frame: Frame, reader: Actor) -> QuerySet[Question]:
    perimeter = frame.perimeter
    rows = unsealed(_questions(frame, Days(perimeter.first, perimeter.last)), reader)
    return rows.select_related("service", "topic").order_by("-asked_at", "-pk")


def _questions(frame: Frame, days: Days) -> QuerySet[Question]:
    """A question belongs to the service that it is with now; channels do not matter to it."""
    perimeter = frame.perimeter
    start, end = frame.bounds(days.first, days.last)
    rows = Question.objects.filter(
        authority=perimeter.authority, asked_at__gte=start, asked_at__lt=end
    )
    for name in ("site", "service", "topic"):
        if value := getattr(perimeter, name):
            rows = rows.filter(**{name: value})
    return rows.annotate(turns=Count("trail", filter=Q(trail__verb="turned"))).order_by("pk")


def _asked(row: Question) -> Asked:
    return Asked(
        asked_at=row.asked_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        visitor=row.visitor_present,
        is_withdrawn=row.state == _WITHDRAWN,
        is_reused=row.reuse_of_id is not None,
        is_closed=row.state == _CLOSED,
        turns=int(getattr(row, "turns", 1)),
    )
