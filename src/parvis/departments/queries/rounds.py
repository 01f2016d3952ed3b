"""Rounds: what is planned, when each department was last visited, what there is to clarify."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from parvis.common.access import Actor
from parvis.common.clock import ONE_DAY
from parvis.departments.models import Question, Round, RoundTopic
from parvis.departments.rules import rounds as rules
from parvis.knowledge.models import Gap, Sheet
from parvis.knowledge.queries.reviews import in_use
from parvis.organisations import queries as places
from parvis.organisations.models import Authority, Service

MOST = 8  # proposals of each kind
LATELY = timedelta(days=60)


def month(actor: Actor, start: datetime, end: datetime) -> QuerySet[Round]:
    """The rounds of a stretch of days, in order."""
    rows = Round.objects.visible_to(actor).filter(planned_at__gte=start, planned_at__lt=end)
    return rows.select_related("service", "visitor__entry").order_by("planned_at", "pk")


def round_page(actor: Actor, pk: int) -> Round | None:
    """One round with what its page shows."""
    rows = Round.objects.visible_to(actor).select_related(
        "service", "visitor__entry", "visitor__site", "planned_by__entry", "follows", "authority"
    )
    return (
        rows.prefetch_related("topics__question", "topics__sheet", "drafts__sheet")
        .filter(pk=pk)
        .first()
    )


@dataclass(frozen=True)
class Visited:
    """A department, and when reception was there last and goes next."""

    service: Service
    last: datetime | None
    next: datetime | None
    is_long_ago: bool


def by_service(authority: Authority, now: datetime, today: date) -> list[Visited]:
    """Every department with its last and its next round, the longest ago first."""
    rows = Round.objects.filter(authority=authority).order_by("planned_at", "pk")
    last: dict[int, datetime] = {}
    coming: dict[int, datetime] = {}
    for service_id, at, state in rows.values_list("service_id", "planned_at", "state"):
        if state == rules.DONE:
            last[service_id] = at
        elif state == rules.PLANNED and at >= now:
            coming.setdefault(service_id, at)
    found = []
    for service in places.services_of(authority).order_by("name", "pk"):
        seen = last.get(service.pk)
        is_long_ago = rules.is_long_ago(seen.date() if seen else None, today)
        found.append(Visited(service, seen, coming.get(service.pk), is_long_ago))
    # Never visited first; those visited lately last.
    return sorted(found, key=lambda one: (one.last is not None, one.last or now))


@dataclass(frozen=True)
class Proposal:
    """Something that a round to this department should clarify."""

    kind: str
    words: str
    pk: int

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.pk}"


def proposals(service: Service, *, today: date, now: datetime) -> list[Proposal]:
    """Open questions, sheets that are late for their check, and gaps that the service owns."""
    questions = Question.objects.filter(service=service).filter(
        Q(state__in=["asked", "seen"]) | Q(state="late", asked_at__gte=now - LATELY)
    )
    sheets = (
        in_use(service.authority_id)
        .filter(service=service, review_due_on__lte=today + ONE_DAY)
        .exclude(nature=Sheet.Nature.PROTOCOL)
    )
    gaps = Gap.objects.filter(owner=service, state=Gap.State.OPEN).order_by("-count", "pk")
    kinds = RoundTopic.Kind
    return [
        *(Proposal(kinds.QUESTION.value, one.text, one.pk)
          for one in questions.order_by("-asked_at", "-pk")[:MOST]),
        *(Proposal(kinds.SHEET.value, f"{one.ref} {one.title}", one.pk)
          for one in sheets.order_by("review_due_on", "pk")[:MOST]),
        *(Proposal(kinds.GAP.value, one.words, one.pk) for one in gaps[:MOST]),
    ]  # fmt: skip
