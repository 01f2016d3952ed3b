"""Questions as the desks and the departments read them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, F, Prefetch, Q, QuerySet, Value, When

from parvis.accounts.models import Agent
from parvis.common.calendar import Territory, WorkingCalendar, is_working_day
from parvis.common.clock import ONE_DAY, instant_of, local_day
from parvis.departments.models import AnswerTime, Question, QuestionStep
from parvis.departments.rules import questions as rules
from parvis.knowledge.search.words import question_stems
from parvis.organisations import queries as places
from parvis.organisations import rules as hours
from parvis.organisations.models import Authority, Service, Site

OPENS, CLOSES = time(9), time(17)  # where nobody declared the hours of the house
HORIZON_DAYS = 90
ANSWERS_KEPT = timedelta(days=730)
COMPARED = 1500
RECENT = timedelta(days=14)
READ_STAYS = timedelta(minutes=30)


def promise_of(service: Service) -> rules.Promise:
    """Within what time a service answers: its own promise, else the one of the house."""
    rows = AnswerTime.objects.filter(authority_id=service.authority_id)
    own = rows.filter(Q(service=service) | Q(service=None)).order_by(
        F("service").asc(nulls_last=True)
    )
    found = own.first()
    return found.promise if found else rules.Promise()


def answer_times(authority: Authority) -> list[tuple[Service | None, AnswerTime | None]]:
    """What is promised: by the house, then by each service that promised something else."""
    rows = {row.service_id: row for row in AnswerTime.objects.filter(authority=authority)}
    services = places.services_of(authority).order_by("name", "pk")
    return [(None, rows.get(None)), *((one, rows.get(one.pk)) for one in services)]


def stretches_from(
    site: Site | None, authority: Authority, start: datetime, enough: timedelta
) -> list[tuple[datetime, datetime]]:
    """The opening hours of a house from a moment on, until there is enough of them."""
    site = site or places.sites_of(authority).order_by("pk").first()
    zone = ZoneInfo(site.timezone if site else settings.TIME_ZONE)
    schedule = places.schedule_of(site) if site else hours.Schedule(zone)
    calendar = WorkingCalendar(Territory(authority.territory))
    found: list[tuple[datetime, datetime]] = []
    day, left = local_day(start, zone), enough
    for _n in range(HORIZON_DAYS):
        for opens, closes in _of_day(schedule, day, zone, calendar):
            if closes > start:
                found.append((opens, closes))
                left -= closes - max(opens, start)
        if left <= timedelta():
            break
        day += ONE_DAY
    return found


def _of_day(
    schedule: hours.Schedule, day: date, zone: ZoneInfo, calendar: WorkingCalendar
) -> list[tuple[datetime, datetime]]:
    plan = hours.day_plan(schedule, hours.HoursChannel.DESK, day)
    if plan.confirmed:
        return list(plan.intervals)
    if not is_working_day(day, calendar):
        return []
    return [(instant_of(day, OPENS, zone), instant_of(day, CLOSES, zone))]


def _with_all(rows: QuerySet[Question]) -> QuerySet[Question]:
    return rows.select_related(
        "service", "topic", "sheet", "asked_by__entry", "holder__entry", "answered_by__entry",
        "desk", "site",
    )  # fmt: skip


def _visitors_first(rows: QuerySet[Question]) -> QuerySet[Question]:
    waits = When(visitor_present=True, visitor_left_at=None, then=Value(0))
    return rows.order_by(Case(waits, default=Value(1)), "due_at", "pk")


def line_of(agent: Agent) -> QuerySet[Question]:
    """What waits for an answer and this colleague may read, visitors first, then by due time."""
    return _visitors_first(_with_all(Question.objects.visible_to(agent).waiting()))


def read_lately(agent: Agent, now: datetime) -> QuerySet[Question]:
    """What was answered or given up in the last fortnight, the newest first."""
    rows = Question.objects.visible_to(agent).exclude(state__in=rules.OPEN)
    return _with_all(rows.filter(asked_at__gte=now - RECENT)).order_by("-asked_at", "-pk")


def waiting_count(agent: Agent) -> int:
    """How many questions wait for the answer of this colleague's service."""
    rows = Question.objects.visible_to(agent).waiting()
    return rows.exclude(asked_by=agent).count()


def mine(agent: Agent) -> QuerySet[Question]:
    """What this colleague asked and has no answer yet, or one that they have not read.

    It is theirs at whatever desk they sit now. Visitors first, then by the time promised.
    """
    unread = Q(state__in=rules.WITH_ANSWER, shown_at=None)
    rows = Question.objects.filter(asked_by=agent, authority_id=agent.authority_id)
    rows = rows.filter(unread | Q(state__in=rules.OPEN))
    return _visitors_first(_with_all(rows)).prefetch_related("sheets")


def answers_for(agent: Agent) -> list[Question]:
    """Answers that this colleague has not read."""
    return [one for one in mine(agent) if not one.is_open]


def open_at_visit(kind: str, visit_id: int) -> QuerySet[Question]:
    """Unanswered questions about one visit."""
    return Question.objects.waiting().filter(visit_kind=kind, visit_id=visit_id)


def by_id(agent: Agent, pk: int) -> Question | None:
    """One question as far as this colleague may read it."""
    rows = _with_all(Question.objects.visible_to(agent)).select_related(
        "reuse_of__service", "draft__sheet", "sheet__current", "authority"
    )
    return rows.prefetch_related("sheets").filter(pk=pk).first()


def trail_of(question: Question) -> QuerySet[QuestionStep]:
    """Everything that happened to a question, oldest first."""
    return (
        QuestionStep.objects.filter(question=question)
        .select_related("agent__entry", "to__entry", "service")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Known:
    """An earlier question that asks the same, with its answer."""

    question: Question

    @property
    def id(self) -> int:
        return self.question.pk


def known_answers(agent: Agent, text: str, *, now: datetime, limit: int = 3) -> list[Known]:
    """Earlier questions of the house that ask the same and were answered, the most alike first.

    What a sensitive service answered is only offered to itself.
    """
    stems = question_stems(text)
    if not stems:
        return []
    rows = Question.objects.filter(
        authority_id=agent.authority_id,
        answered_at__gte=now - ANSWERS_KEPT,
        reuse_of=None,
    ).exclude(answer="")
    rows = rows.filter(Q(service__is_sensitive=False) | Q(service=agent.service_id or 0))
    known = rows.order_by("-pk").values_list("pk", "stems")[:COMPARED]
    best = rules.most_alike(stems, ((pk, words.split()) for pk, words in known), limit)
    found = (
        _with_all(Question.objects.filter(pk__in=best))
        .prefetch_related(Prefetch("sheets"), "draft__sheet")
        .in_bulk()
    )
    return [Known(found[pk]) for pk in best if pk in found]
