"""The cases of a service: what is new, due, sleeping, waiting; totals of the team only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.models import Case
from parvis.common import codes, keyset
from parvis.common.access import Actor
from parvis.contacts import queries as contacts

PAGE = 50
FOUND_AT_MOST = 30


class View(StrEnum):
    """The shelves of a portfolio."""

    OPEN = "open"
    UNREAD = "unread"
    DUE = "due"
    SILENCE = "silence"
    SLEEPING = "sleeping"
    AWAITING = "awaiting"
    CLOSED = "closed"


LABELS = {
    View.OPEN: _("With us"),
    View.UNREAD: _("To read"),
    View.DUE: _("Due"),
    View.SILENCE: _("Silence within 14 days"),
    View.SLEEPING: _("Sleeping"),
    View.AWAITING: _("Waiting for the person"),
    View.CLOSED: pgettext_lazy("case", "Closed"),
}


@dataclass(frozen=True)
class Page:
    """One page of the portfolio, longest untouched first."""

    cases: Sequence[Case]
    next: str


def portfolio(
    agent: Agent, view: View, *, now: datetime, today: date, mine: bool, after: str = ""
) -> Page:
    """One shelf of the agent's own cases, or of the whole service."""
    if view is View.SILENCE:
        return _by_silence(agent, today=today, mine=mine, after=after)
    rows = _of(agent, mine=mine).filter(_shelf(view, now, today))
    latest_first = view is View.CLOSED
    key = keyset.read(after)
    if key:
        beyond = keyset.older if latest_first else keyset.newer
        rows = rows.filter(beyond("last_activity_at", key))
    order = ("-last_activity_at", "-pk") if latest_first else ("last_activity_at", "pk")
    found = list(_for_list(rows).order_by(*order)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], keyset.mark(last.last_activity_at, last.pk) if last else "")


def _by_silence(agent: Agent, *, today: date, mine: bool, after: str) -> Page:
    """The shelf of the legal clocks, the nearest day first."""
    rows, key = _near(agent, today=today, mine=mine), keyset.read(after)
    if key:
        day, pk = key[0].date(), key[1]
        rows = rows.filter(Q(clock__falls_on__gt=day) | Q(clock__falls_on=day, pk__gt=pk))
    found = list(_for_list(rows).order_by("clock__falls_on", "pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return Page(found, "")
    last = found[PAGE - 1]
    at = datetime.combine(last.clock.falls_on or today, time.min, UTC)
    return Page(found[:PAGE], keyset.mark(at, last.pk))


def _near(agent: Agent, *, today: date, mine: bool) -> QuerySet[Case]:
    near = Q(clock__falls_on__lte=today + rules.NEAR)
    return _of(agent, mine=mine).filter(near, state__in=rules.RUNNING)


def near_total(agent: Agent, *, today: date, mine: bool) -> int:
    """How many running cases have a legal day within a fortnight, or past."""
    return _near(agent, today=today, mine=mine).count()


def _of(agent: Agent, *, mine: bool) -> QuerySet[Case]:
    rows = Case.objects.visible_to(agent)
    if mine:
        return rows.filter(Q(referent=agent) | Q(deputy=agent))
    return rows.none() if agent.service_id is None else rows.filter(service=agent.service_id)


def _for_list(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("service", "person", "referent__entry", "deputy__entry", "clock")


def _shelf(view: View, now: datetime, today: date) -> Q:  # all but the legal clocks
    running = Q(state__in=rules.RUNNING)
    return {
        View.OPEN: Q(state=Case.State.OPEN),
        View.UNREAD: Q(unread_by_service=True),
        View.DUE: running & Q(due_on__lte=today + rules.DUE_SOON),
        View.SLEEPING: running & Q(last_activity_at__lt=now - rules.SLEEPS_AFTER),
        View.AWAITING: Q(state=Case.State.AWAITING_PERSON),
        View.CLOSED: ~running,
    }[view]


@dataclass(frozen=True)
class Totals:
    """How much a shelf holds, for the agent's own cases or for the team; never per colleague."""

    by_view: dict[View, int]
    without_referent: int
    people: int  # colleagues who follow cases: the load of the team, not of anybody


def team_totals(agent: Agent, *, now: datetime, today: date, mine: bool) -> Totals:
    """The size of each shelf: one query, and one for the legal clocks by their own index."""
    running = Q(state__in=rules.RUNNING)
    counted = [view for view in View if view is not View.SILENCE]
    counts = {view.value: Count("pk", filter=_shelf(view, now, today)) for view in counted}
    sums = _of(agent, mine=mine).aggregate(
        **counts,
        without_referent=Count("pk", filter=running & Q(referent=None)),
        people=Count("referent", filter=running, distinct=True),
    )
    by_view: dict[View, int] = {view: sums[view.value] for view in counted}
    by_view[View.SILENCE] = near_total(agent, today=today, mine=mine)
    return Totals(by_view, sums["without_referent"], sums["people"])


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
        rows = rows.filter(person__in=found)
    return list(_for_list(rows).order_by("-last_activity_at")[:FOUND_AT_MOST])
