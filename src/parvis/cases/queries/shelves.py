"""The cases of a service on shelves: what waits for us, for them, is due, sleeps.

Every shelf is read in lanes, one for each state, each in the order of its index, so that a page
costs the same however many cases there are and however deep it lies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from heapq import merge
from operator import attrgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent
from parvis.accounts.rules import stand_in
from parvis.cases import rules
from parvis.cases.models import Case, CaseParty, Handover, Mandate
from parvis.cases.queries.following import staff_on
from parvis.common import codes, keyset
from parvis.common.access import Actor
from parvis.contacts import queries as contacts

PAGE = 60  # a whole portfolio, walked without turning a page
COUNTED = 1000  # beyond that, a shelf says "1000+"
FOUND_AT_MOST = 30
Key = tuple[Any, int]  # an instant or a day, and the number of the case


class View(StrEnum):
    """The shelves of a portfolio."""

    OPEN = "open"
    AWAITING = "awaiting"
    UNREAD = "unread"
    DUE = "due"
    SILENCE = "silence"
    SLEEPING = "sleeping"
    CLOSED = "closed"


LABELS = {
    View.OPEN: _("Waiting for us"),
    View.AWAITING: _("Waiting for the person"),
    View.UNREAD: _("To read"),
    View.DUE: _("Due"),
    View.SILENCE: _("Silence within 14 days"),
    View.SLEEPING: _("Sleeping"),
    View.CLOSED: pgettext_lazy("case", "Closed"),
}


class Whose(StrEnum):
    """Whose cases stand on the shelf."""

    OWN = "own"
    STANDING_IN = "standing-in"
    SERVICE = "service"


@dataclass(frozen=True)
class Desk:
    """Who looks at a shelf, at which, and when."""

    agent: Agent
    view: View
    whose: Whose
    now: datetime
    today: date


@dataclass(frozen=True)
class Page:
    """One page of the portfolio, in the order of its shelf."""

    cases: Sequence[Case]
    next: str


def portfolio(desk: Desk, *, after: str = "") -> Page:
    """One shelf of one's own cases, of those one stands in for, or of the whole service."""
    key = keyset.read(after)
    found = _keys(desk, key=_bound(desk.view, key) if key else None, limit=PAGE + 1)
    cases = Case.objects.visible_to(desk.agent).filter(pk__in=[pk for _value, pk in found[:PAGE]])
    by_pk = {case.pk: case for case in _for_list(cases)}
    shown = [by_pk[pk] for _value, pk in found[:PAGE] if pk in by_pk]
    return Page(shown, _mark(*found[PAGE - 1]) if len(found) > PAGE else "")


@dataclass(frozen=True)
class Beside:
    """The cases before and after one on its shelf; empty at an end."""

    before: str
    after: str


def beside(case: Case, desk: Desk) -> Beside:
    """Where the keys lead from a case: its neighbours, and round to the first at the end."""
    value = attrgetter(_field(desk.view).replace("__", "."))(case)
    after: list[Key] = []
    before: list[Key] = []
    if value is not None:
        after = _keys(desk, key=(value, case.pk), limit=1)
        before = _keys(desk, key=(value, case.pk), limit=1, backwards=True)
    first = after or [key for key in _keys(desk, limit=2) if key[1] != case.pk]
    wanted = [pk for _value, pk in [*before[:1], *first[:1]]]
    rows = Case.objects.visible_to(desk.agent).filter(pk__in=wanted)
    references = dict(rows.values_list("pk", "reference"))
    return Beside(
        references.get(before[0][1], "") if before else "",
        references.get(first[0][1], "") if first else "",
    )


def _keys(desk: Desk, *, limit: int, key: Key | None = None, backwards: bool = False) -> list[Key]:
    """Where each case stands on its shelf: without a join, so that its index is walked."""
    field = _field(desk.view)
    falls = (desk.view is View.CLOSED) is not backwards  # from the latest to the earliest
    lanes: list[list[Key]] = []
    for rows in _lanes(desk):
        if key is not None:
            rows = rows.filter((keyset.older if falls else keyset.newer)(field, key))
        order = (f"-{field}", "-pk") if falls else (field, "pk")
        lanes.append(list(rows.order_by(*order).values_list(field, "pk")[:limit]))
    return list(merge(*lanes, reverse=falls))[:limit]


def _field(view: View) -> str:
    return {View.DUE: "due_on", View.SILENCE: "clock__falls_on"}.get(view, "last_activity_at")


def _bound(view: View, key: keyset.Key) -> Key:
    at, pk = key
    return (at, pk) if _field(view) == "last_activity_at" else (at.date(), pk)


def _mark(value: Any, pk: int) -> str:
    at = value if isinstance(value, datetime) else datetime.combine(value, time.min, UTC)
    return keyset.mark(at, pk)


def _lanes(desk: Desk) -> list[QuerySet[Case]]:
    """The shelf as querysets that each read one run of an index."""
    rows = _of(desk.agent, desk.whose, desk.today)
    running = [rows.filter(state=state) for state in sorted(rules.RUNNING)]
    near = {"clock__falls_on__lte": desk.today + rules.NEAR}
    soon = {"due_on__lte": desk.today + rules.DUE_SOON}
    quiet = {"last_activity_at__lt": desk.now - rules.SLEEPS_AFTER}
    lanes: dict[View, Callable[[], list[QuerySet[Case]]]] = {
        View.OPEN: lambda: [rows.filter(state=Case.State.OPEN)],
        View.AWAITING: lambda: [rows.filter(state=Case.State.AWAITING_PERSON)],
        View.UNREAD: lambda: [rows.filter(unread_by_service=True)],
        View.DUE: lambda: [lane.filter(**soon) for lane in running],
        View.SILENCE: lambda: [rows.filter(**near, state__in=rules.RUNNING)],
        View.SLEEPING: lambda: [lane.filter(**quiet) for lane in running],
        View.CLOSED: lambda: [
            rows.filter(state=state) for state in (Case.State.CLOSED, Case.State.FORWARDED)
        ],
    }
    return lanes[desk.view]()


def _of(agent: Agent, whose: Whose, today: date) -> QuerySet[Case]:
    # One's own service and one's own cases; what becomes a line is fetched with the right.
    rows = Case.objects.filter(authority_id=agent.authority_id)
    if whose is Whose.OWN:
        return rows.filter(referent=agent)
    if agent.service_id is None:
        return rows.none()
    if whose is Whose.SERVICE:
        return rows.filter(service=agent.service_id)
    return rows.filter(_standing_in(agent, today), service=agent.service_id)


def _standing_in(agent: Agent, today: date) -> Q:
    """The cases of absent colleagues that the public sees with this agent's name."""
    away = staff_on(today, [agent.service_id or 0]).away
    deputies = {pk: one.deputy for pk, one in away.items()}
    mine = Q(pk__in=[])
    if agent.pk in away:
        return mine
    own = Q(deputy=agent, deputy_is_chosen=True)
    somebody_else = Q(deputy_is_chosen=True, deputy__isnull=False) & ~Q(
        deputy__in=[agent.pk, *away]
    )
    for absent in away:
        found = stand_in(absent, deputies)
        if found == agent.pk:
            mine |= Q(referent=absent) & ~somebody_else
        else:
            mine |= Q(referent=absent) & (own if found else Q(deputy=agent))
    return mine


def _for_list(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("service", "person", "referent__entry", "deputy__entry", "clock")


@dataclass(frozen=True)
class Totals:
    """How much each shelf holds, up to a thousand and one."""

    by_view: dict[View, int]
    standing_in: int
    without_referent: int
    offered: int  # handovers that wait for this agent


def shelf_totals(desk: Desk) -> Totals:
    """The size of every shelf in one query that never counts beyond what is shown."""
    agent, today = desk.agent, desk.today
    lanes = {view: _lanes(Desk(agent, view, desk.whose, desk.now, today)) for view in View}
    standing = _of(agent, Whose.STANDING_IN, today).filter(state__in=rules.RUNNING)
    nobody = _of(agent, Whose.SERVICE, today).filter(referent=None, state__in=rules.RUNNING)
    offered = Handover.objects.filter(receiver=agent, state__in=["offered", "left"])
    flat: list[QuerySet[Any]] = [lane for found in lanes.values() for lane in found]
    sums = iter(_capped([*flat, standing, nobody, offered]))
    by_view = {view: sum(next(sums) for _lane in found) for view, found in lanes.items()}
    return Totals(by_view, next(sums), next(sums), next(sums))


def _capped(querysets: Sequence[QuerySet[Any]]) -> list[int]:
    parts: list[str] = []
    values: list[Any] = []
    for rows in querysets:
        few = rows.order_by().values_list("pk")[: COUNTED + 1]
        try:
            sql, params = few.query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) n{len(parts)})")  # noqa: S608 - the ORM's SQL
        values += params
    with connections[querysets[0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())


def search(actor: Actor, text: str) -> list[Case]:
    """Cases by reference, or by the name, telephone or e-mail of the person."""
    rows = Case.objects.visible_to(actor)
    reference = codes.parse_reference(text)
    if reference:
        rows = rows.filter(reference=reference)
    else:
        found = contacts.people(actor, text)
        if not found:
            return []
        # Also by whoever takes part, or acts for the person; ids, so that each has its index.
        part = CaseParty.objects.filter(person__in=found, ended_at=None)
        acts = Mandate.objects.filter(holder__in=found, revoked_at=None)
        also = [*part.values_list("case_id", flat=True), *acts.values_list("case_id", flat=True)]
        theirs = Q(person__in=found)
        rows = rows.filter(theirs | Q(pk__in=also) if also else theirs)
    return list(_for_list(rows).order_by("-last_activity_at")[:FOUND_AT_MOST])
