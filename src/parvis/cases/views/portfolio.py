"""The shelves, as a page that the keyboard walks."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.cases import queries, rules
from parvis.cases.forms import SearchForm
from parvis.cases.models import Case
from parvis.cases.queries import COUNTED, LABELS, Desk, View, Whose
from parvis.common import codes
from parvis.common.http import requires


@requires("cases.read")
@require_safe
def portfolio(request: AgentRequest) -> HttpResponse:
    agent, now = request.user, timezone.now()
    text = request.GET.get("q", "").strip()[:120]
    desk = _desk(request)
    context: dict[str, Any] = {
        "search_form": SearchForm({"q": text} if text else None),
        "text": text,
        "whose": desk.whose,
        "view": desk.view,
        "view_label": LABELS[desk.view],
        "may_open": agent.may("cases.open"),
        "may_assign": agent.may("cases.assign"),
        "older_url": "",
        "shelf": "",
        "is_own": False,
    }
    if text:
        found = queries.search(agent, text)
        reference = codes.parse_reference(text)
        context["cases"] = whole_rows(found, now, agent, by_code=bool(reference))
        context["stub"] = queries.stub_of(agent, reference) if reference and not found else None
        context["known_elsewhere"] = queries.stubs_named(agent, text)
        return render(request, "cases/portfolio.html", context)
    page = queries.portfolio(desk, after=request.GET.get("after", ""))
    totals = queries.shelf_totals(desk)
    older = {"whose": desk.whose, "view": desk.view, "after": page.next}
    context |= {
        "cases": whole_rows(page.cases, now),
        "shelf": keep_shelf(desk),
        "is_own": desk.whose is Whose.OWN,
        "totals": totals,
        "tabs": [_tab(each, desk, totals) for each in View],
        "whose_tabs": _whose_tabs(desk, totals),
        "older_url": "?" + urlencode(older) if page.next else "",
    }
    return render(request, "cases/portfolio.html", context)


def _desk(request: AgentRequest) -> Desk:
    view, whose = request.GET.get("view", ""), request.GET.get("whose", "")
    return Desk(
        request.user,
        View(view) if view in set(View) else View.OPEN,
        Whose(whose) if whose in set(Whose) else Whose.OWN,
        timezone.now(),
        timezone.localdate(),
    )


def shelf_of(request: AgentRequest) -> Desk | None:
    """The shelf that a case was taken from; None when it was not."""
    return _desk(request) if request.GET.get("view") in set(View) else None


def keep_shelf(desk: Desk | None) -> str:
    """The shelf as part of an address, ready for one more argument."""
    return f"whose={desk.whose}&view={desk.view}&" if desk else ""


def _tab(each: View, desk: Desk, totals: queries.Totals) -> dict[str, Any]:
    return {
        "text": LABELS[each],
        "url": "?" + urlencode({"whose": desk.whose, "view": each}),
        "current": each is desk.view,
        "count": _count(totals.by_view[each]),
        "key": str(list(View).index(each) + 1),
    }


def _count(number: int) -> str:
    return f"{COUNTED}+" if number > COUNTED else str(number)


def _whose_tabs(desk: Desk, totals: queries.Totals) -> list[dict[str, Any]]:
    shown = [(Whose.OWN, _("My cases"), "i", "")]
    if totals.standing_in or desk.whose is Whose.STANDING_IN:
        count = _count(totals.standing_in)
        shown.append((Whose.STANDING_IN, _("I stand in"), "r", count))
    shown.append((Whose.SERVICE, _("Cases of the service"), "g", ""))
    return [
        {
            "text": text,
            "url": "?" + urlencode({"whose": whose, "view": desk.view}),
            "current": whose is desk.whose,
            "count": count,
            "key": key,
        }
        for whose, text, key, count in shown
    ]


def whole_rows(
    cases: Iterable[Case], now: datetime, agent: Agent | None = None, *, by_code: bool = False
) -> list[dict[str, Any]]:
    """Cases as lines of a list: one query more for who is away, whatever their number."""
    cases, today = list(cases), timezone.localdate(now)
    services = {case.service_id for case in cases}
    staff = queries.staff_on(today, services, for_agents=True) if cases else rules.NOBODY_AWAY
    outside = {case.pk for case in cases if agent and case.service_id != agent.service_id}
    return [
        {
            "case": case,
            "reference": codes.format_reference(case.reference),
            # What lies in another service is read after a reason, not in a list: by its code
            # not even whose it is.
            "is_outside": case.pk in outside,
            "hides_person": by_code and case.pk in outside,
            "sleeps": case.pk not in outside
            and rules.is_sleeping(
                state=case.state, last_activity_at=case.last_activity_at, now=now
            ),
            "late": case.pk not in outside
            and rules.is_overdue(state=case.state, due_on=case.due_on, today=today),
            "receipt_is_late": case.pk not in outside and queries.receipt_is_late(case, today),
            "clock": None if case.pk in outside else _clock_chip(case, today),
            "stand_in": queries.stands_in(case, staff),
        }
        for case in cases
    ]


def _clock_chip(case: Case, today: date) -> dict[str, Any] | None:
    legal = queries.legal_clock(case)
    if legal is None or legal.falls_on is None or case.state not in rules.RUNNING:
        return None
    return {
        "falls_on": legal.falls_on,
        "accepts": legal.silence == rules.Meaning.ACCEPTANCE,
        "is_near": rules.is_near(legal.falls_on, today),
        "is_past": legal.falls_on < today,
    }
