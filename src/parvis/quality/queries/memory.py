"""Cases as the figures of shared knowledge need them: who knows them, who was given them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from parvis.cases.models import Case, CaseEntry, CaseRead, Handover
from parvis.cases.rules import RUNNING
from parvis.common import keyset
from parvis.common.access import Actor
from parvis.common.clock import local_day
from parvis.quality.queries.perimeter import Frame
from parvis.quality.queries.rows import PAGE
from parvis.quality.queries.sealed import unsealed
from parvis.quality.rules import memory as rules
from parvis.quality.rules.measures import Measure
from parvis.quality.rules.periods import Days

Kind = CaseEntry.Kind
CHUNK = 2000
PASSING = (Kind.HANDED_OVER, Kind.TRANSFERRED)
OWING = (*PASSING, Kind.FORWARDED, Kind.CLOSED, Kind.REOPENED, Kind.MERGED, Kind.UNMERGED)


@dataclass(frozen=True)
class HeldRow:
    """One open case behind the figure; never whose hands it is in."""

    case: Case
    held: rules.Held


@dataclass(frozen=True)
class PassedRow:
    """One transmission behind the figure."""

    entry: CaseEntry
    passed: rules.Passed


@dataclass(frozen=True)
class MemoryPage:
    """One page of such rows, and the key of the next one."""

    rows: Sequence[HeldRow] | Sequence[PassedRow]
    next: str


def remembering(frame: Frame, days: Days, now: datetime) -> dict[str, Measure]:
    """How well the house knows its cases; a case is of a service, never of a site."""
    if frame.perimeter.site is not None:
        return {}
    at = _as_of(frame, days, now)
    cases = list(_open_cases(frame, at).order_by().values_list("pk", flat=True))
    people = _people(frame, at, None)
    entries = list(_transmissions(frame, days))
    measures = [
        rules.held_by_one(rules.Held(len(people.get(pk, ()))) for pk in cases),
        *rules.passed_on(_passed(entries, frame).values(), now),
        rules.traced(_gesture(row) for row in _gestures(frame, days)),
    ]
    return {one.code: one for one in measures}


def held_page(frame: Frame, now: datetime, after: str = "", *, reader: Actor) -> MemoryPage:
    """The open cases behind, latest first; of a sensitive service only for itself."""
    days = Days(frame.perimeter.first, frame.perimeter.last)
    at = _as_of(frame, days, now)
    rows = unsealed(_open_cases(frame, at), reader).select_related("service", "topic")
    key = keyset.read(after)
    if key:
        rows = rows.filter(keyset.older("opened_at", key))
    found = list(rows.order_by("-opened_at", "-pk")[: PAGE + 1])
    people = _people(frame, at, [case.pk for case in found])
    mark = keyset.mark(found[PAGE - 1].opened_at, found[PAGE - 1].pk) if len(found) > PAGE else ""
    return MemoryPage([HeldRow(one, _held(one, people)) for one in found[:PAGE]], mark)


def all_held(frame: Frame, now: datetime, *, reader: Actor) -> Iterator[HeldRow]:
    """Every open case behind, for an export."""
    days = Days(frame.perimeter.first, frame.perimeter.last)
    at = _as_of(frame, days, now)
    people = _people(frame, at, None)
    rows = unsealed(_open_cases(frame, at), reader).select_related("service", "topic")
    for case in rows.order_by("-opened_at", "-pk").iterator(CHUNK):
        yield HeldRow(case, _held(case, people))


def sealed_cases(frame: Frame, now: datetime, reader: Actor) -> int:
    """How many open cases count and are not listed for this reader."""
    at = _as_of(frame, Days(frame.perimeter.first, frame.perimeter.last), now)
    cases = _open_cases(frame, at)
    return cases.count() - unsealed(cases, reader).count()


def passed_page(frame: Frame, after: str = "", *, reader: Actor) -> MemoryPage:
    """The transmissions behind, latest first."""
    rows = _latest(frame, reader)
    key = keyset.read(after)
    if key:
        rows = rows.filter(keyset.older("at", key))
    found = list(rows[: PAGE + 1])
    told = _passed(found[:PAGE], frame)
    mark = keyset.mark(found[PAGE - 1].at, found[PAGE - 1].pk) if len(found) > PAGE else ""
    return MemoryPage([PassedRow(one, told[one.pk]) for one in found[:PAGE]], mark)


def all_passed(frame: Frame, *, reader: Actor) -> Iterator[PassedRow]:
    """Every transmission behind, for an export."""
    found = list(_latest(frame, reader))
    told = _passed(found, frame)
    return (PassedRow(one, told[one.pk]) for one in found)


def sealed_transmissions(frame: Frame, reader: Actor) -> int:
    """How many transmissions count and are not listed for this reader."""
    days = Days(frame.perimeter.first, frame.perimeter.last)
    return _transmissions(frame, days).count() - _latest(frame, reader).count()


def _held(case: Case, people: dict[int, set[int]]) -> rules.Held:
    return rules.Held(len(people.get(case.pk, ())))


def _as_of(frame: Frame, days: Days, now: datetime) -> datetime:
    """The last instant of the days asked for, or now when they are not over."""
    return min(now, frame.bounds(days.last, days.last)[1])


def _of_perimeter(rows: QuerySet[Any], frame: Frame, path: str = "") -> QuerySet[Any]:
    perimeter = frame.perimeter
    found = rows.filter(**{f"{path}authority": perimeter.authority})
    if perimeter.service is not None:
        found = found.filter(**{f"{path}service": perimeter.service})
    if perimeter.topic is not None:
        found = found.filter(**{f"{path}topic": perimeter.topic})
    if perimeter.channel:
        found = found.filter(**{f"{path}channel": perimeter.channel})
    return found


def _open_cases(frame: Frame, at: datetime) -> QuerySet[Case]:
    """Cases open at that instant: what was closed and reopened since is taken for open."""
    running = Q(state__in=RUNNING) | Q(state=Case.State.CLOSED, closed_at__gte=at)
    return _of_perimeter(Case.objects.filter(running, opened_at__lt=at), frame)


def _people(frame: Frame, at: datetime, wanted: list[int] | None) -> dict[int, set[int]]:
    """Which colleagues read a case or acted on it in the thirty days before: two queries."""
    since = at - timedelta(days=rules.HELD_DAYS)
    authority = frame.perimeter.authority
    reads = CaseRead.objects.filter(
        authority=authority, at__gt=since, at__lte=at, agent__is_robot=False
    )
    acts = CaseEntry.objects.filter(
        case__authority=authority, at__gt=since, at__lte=at, agent__is_robot=False
    )
    if wanted is not None:
        mine = Q(case__in=wanted) | Q(case__merged_into__in=wanted)
        reads, acts = reads.filter(mine), acts.filter(mine)
    found: dict[int, set[int]] = defaultdict(set)
    for rows in (reads, acts):
        # Who knows a case that was put into another one knows that one.
        pairs = rows.annotate(root=Coalesce("case__merged_into", "case_id")).order_by()
        for case, agent in pairs.values_list("root", "agent_id").distinct():
            found[case].add(agent)
    return found


def _transmissions(frame: Frame, days: Days) -> QuerySet[CaseEntry]:
    start, end = frame.bounds(days.first, days.last)
    rows = CaseEntry.objects.filter(kind__in=PASSING, at__gte=start, at__lt=end)
    return _of_perimeter(rows, frame, "case__").order_by("pk")


def _latest(frame: Frame, reader: Actor) -> QuerySet[CaseEntry]:
    days = Days(frame.perimeter.first, frame.perimeter.last)
    rows = unsealed(_transmissions(frame, days), reader, "case__")
    return rows.select_related("case__service").order_by("-at", "-pk")


def _passed(entries: Iterable[CaseEntry], frame: Frame) -> dict[int, rules.Passed]:
    """What became of each transmission: four queries, whatever their number."""
    given = list(entries)
    cases = {row.case_id for row in given}
    if not cases:
        return {}
    acts = defaultdict(list)
    lines = CaseEntry.objects.filter(case__in=cases, agent__is_robot=False).order_by("at", "pk")
    for pk, case, at, agent, service in lines.values_list(
        "pk", "case_id", "at", "agent_id", "service_id"
    ):
        acts[case].append((pk, at, agent, service))
    reads = defaultdict(list)
    opened = CaseRead.objects.filter(case__in=cases, is_outside=False).order_by("pk")
    for case, day, agent, service in opened.values_list("case_id", "day", "agent_id", "service_id"):
        reads[case].append((day, agent, service))
    offers = {
        (case, receiver, answered): offered
        for case, receiver, answered, offered in Handover.objects.filter(
            case__in=cases, state=Handover.State.ACCEPTED
        ).values_list("case_id", "receiver_id", "answered_at", "offered_at")
    }
    moves = defaultdict(list)
    again = CaseEntry.objects.filter(case__in=cases, kind__in=PASSING).order_by("at", "pk")
    for pk, case, at in again.values_list("pk", "case_id", "at"):
        moves[case].append((pk, at))
    found = {}
    for row in given:
        told = _became(row, acts[row.case_id], reads[row.case_id], moves[row.case_id], frame)
        offered = offers.get((row.case_id, row.data.get("referent"), row.at))
        # To accept what was offered is the receiver's first act.
        found[row.pk] = replace(told, at=offered, acted_at=row.at) if offered else told
    return found


def _became(
    row: CaseEntry, acts: list[Any], reads: list[Any], moves: list[Any], frame: Frame
) -> rules.Passed:
    day = local_day(row.at, frame.zone)
    after = (
        at for pk, at, agent, service in acts if pk > row.pk and _receives(row, agent, service)
    )
    return rules.Passed(
        at=row.at,
        opened=any(day <= on and _receives(row, agent, service) for on, agent, service in reads),
        acted_at=next(after, None),
        next_at=next((at for pk, at in moves if pk > row.pk), None),
        is_shown=not row.is_internal,
    )


def _receives(row: CaseEntry, agent: int | None, service: int | None) -> bool:
    """A hand-over is received by its referent, a transfer by anybody of the service."""
    if row.kind == Kind.HANDED_OVER:
        return agent is not None and agent == row.data.get("referent")
    return service is not None and service == row.data.get("service")


def _gestures(frame: Frame, days: Days) -> QuerySet[CaseEntry]:
    """Lines that owe a reason: what moves a case, and what the person does not read."""
    start, end = frame.bounds(days.first, days.last)
    owed = Q(kind__in=OWING) | Q(kind=Kind.NOTE, is_internal=True)
    rows = CaseEntry.objects.filter(owed, at__gte=start, at__lt=end)
    return _of_perimeter(rows, frame, "case__").order_by("pk").only(
        "kind", "agent", "text", "internal_reason", "data"
    )  # fmt: skip


def _gesture(row: CaseEntry) -> rules.Gesture:
    by_person = row.kind == Kind.REOPENED and row.agent_id is None
    return rules.Gesture(
        has_author=row.agent_id is not None or by_person,
        has_reason=bool(row.internal_reason if row.kind == Kind.NOTE else row.text),
        is_automatic=row.agent_id is None and not by_person,
    )
