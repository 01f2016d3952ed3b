from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import HiddenInput
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.accounts.http import AgentRequest
from parvis.common.clock import ONE_DAY
from parvis.common.http import requires
from parvis.common.tables import csv_answer
from parvis.quality import actions, queries, tables, tables_answers, tables_memory, words
from parvis.quality.queries import answers, memory, rows
from parvis.quality.rules.charts import Multiple, multiple
from parvis.quality.rules.periods import months_until, presets
from parvis.quality.views.asking import Question, question, refuse_senseless

PRESETS = {
    "yesterday": gettext_lazy("Yesterday"),
    "week": gettext_lazy("Seven days"),
    "four_weeks": gettext_lazy("Four weeks"),
    "last_month": gettext_lazy("Last month"),
    "year": gettext_lazy("A year"),
}
TICKETS, CONTACTS, QUESTIONS, SERVICES = "tickets", "contacts", "questions", "services"
CASES, TRANSMISSIONS = "cases", "transmissions"
BEHIND = {
    TICKETS: gettext_lazy("The tickets behind"),
    CONTACTS: gettext_lazy("The contacts behind"),
    QUESTIONS: gettext_lazy("The questions behind"),
    CASES: gettext_lazy("The cases behind"),
}
TITLES = {
    TICKETS: gettext_lazy("Tickets behind the figures"),
    CONTACTS: gettext_lazy("Contacts behind the figures"),
    QUESTIONS: gettext_lazy("Questions behind the figures"),
    CASES: gettext_lazy("Open cases behind the figures"),
    TRANSMISSIONS: gettext_lazy("Transmissions behind the figures"),
}
TABS = {
    TICKETS: gettext_lazy("Tickets"),
    CONTACTS: gettext_lazy("Contacts"),
    QUESTIONS: gettext_lazy("Questions to departments"),
    CASES: gettext_lazy("Open cases"),
    TRANSMISSIONS: gettext_lazy("Transmissions"),
}
GROUPS: tuple[tuple[str, Any, str, tuple[str, ...]], ...] = (
    (
        "wait",
        gettext_lazy("Waiting"),
        TICKETS,
        (
            "WAIT-TARGET", "WAIT-P50", "WAIT-P90", "ABANDONMENT", "WAIT-CALL", "WAIT-WALK",
            "WAIT-PROMISE", "WAIT-PROMISE-LONG", "WAIT-TRANSFER", "SERVICE-TIME", "IN-BUILDING",
            "APPT-WAIT", "APPT-EARLY", "APPT-LATE",
        ),
    ),
    (
        "resolution",
        gettext_lazy("Solved at first contact"),
        CONTACTS,
        ("FCR-N", "FCR-D", "FCR-GAP", "FCR-U", "FCR-R", "REPEAT-RATE", "LINK-RATE"),
    ),
    ("satisfaction", gettext_lazy("Satisfaction"), CONTACTS, ("CSAT",)),
    (
        "answers",
        gettext_lazy("What departments promise the desks"),
        QUESTIONS,
        ("ANSWER-KEPT", "ANSWER-VISITOR", "ANSWER-DELAY", "ANSWER-NONE", "ANSWER-PASSED"),
    ),
    (
        "memory",
        gettext_lazy("Nobody alone holds a case"),
        CASES,
        ("SINGLE-HOLDER", "TAKEOVER-TIME", "TRACE-RECEIVED", "TRACE-SHOWN", "TRACE-COMPLETE"),
    ),
)  # fmt: skip
# Whoever counts cases does not read them: journeys, the table of roles.
CASES_TOO = frozenset({CASES, TRANSMISSIONS})
AnyPage = rows.Page | answers.QuestionPage | memory.MemoryPage
MULTIPLES = ("WAIT-TARGET", "WAIT-P90", "ABANDONMENT", "FCR-N", "FCR-D", "CSAT")


@dataclass(frozen=True)
class Group:
    """The indicators of one matter, and where the rows behind them are."""

    key: str
    title: str
    shown: list[words.Shown]
    empty: list[words.Shown]
    rows_url: str
    rows_text: str


@requires("quality.read")
def show(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    asked = question(request, now=now)
    context = {**common(request, asked), "groups": _groups(request, asked, now)}
    return render(request, "quality/indicators.html", context)


@requires("quality.read")
def months(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    asked = question(request, now=now)
    for name in ("first", "last"):
        # Twelve months are twelve months; the days are kept for the way back.
        asked.form.fields[name].widget = HiddenInput()
    last = asked.today - ONE_DAY
    stretch = months_until(last)
    figures = queries.by_month(asked.frame, stretch, now)
    goals = queries.goals_on(asked.perimeter.authority, last)
    charts = [
        _multiple(code, [found.get(code) for found in figures], stretch, goals)
        for code in MULTIPLES
        if all(code in found for found in figures)
    ]
    context = {**common(request, asked), "charts": charts, "last": last}
    return render(request, "quality/months.html", context)


@requires("quality.rows")
def behind(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    asked = question(request, now=now)
    what = request.GET.get("rows", TICKETS)
    after = request.GET.get("after", "")[:60]
    page: AnyPage
    if not _may_list(request, what):
        raise Http404
    if what == TICKETS:
        page = rows.ticket_page(asked.frame, after, reader=request.user)
    elif what == CONTACTS:
        page = rows.contact_page(asked.frame, now, after, reader=request.user)
    elif what == QUESTIONS:
        page = answers.question_page(asked.frame, after, reader=request.user)
    elif what == CASES:
        page = memory.held_page(asked.frame, now, after, reader=request.user)
    else:
        page = memory.passed_page(asked.frame, after, reader=request.user)
    older = f"?{asked.query}&rows={what}&after={page.next}" if page.next else ""
    context = {
        **common(request, asked),
        "what": what,
        "page": page,
        "older_url": older,
        "title": TITLES[what],
        "table": _table(what, page, request, asked),
        "may_read_answers": request.user.may("contacts.read"),
        "export_url": _export_url(asked, what),
        "unlisted": _unlisted(what, asked, request, now),
        "tabs": [
            _row_tab(asked, key, str(text), what)
            for key, text in TABS.items()
            if _may_list(request, key)
        ],
    }
    return render(request, "quality/rows.html", context)


def _may_list(request: AgentRequest, what: str) -> bool:
    """May this reader see the rows of this kind one by one? The others read figures."""
    if what not in TABS or not request.user.may("quality.rows"):
        return False
    return what not in CASES_TOO or request.user.may("cases.read")


def _unlisted(what: str, asked: Question, request: AgentRequest, now: datetime) -> str:
    """The sentence about what counts in the figures and is not among the rows."""
    frame, reader = asked.frame, request.user
    if what == TICKETS:
        count = rows.sealed_tickets(frame, reader)
    elif what == CONTACTS:
        count = rows.sealed_contacts(frame, reader)
    elif what == QUESTIONS:
        count = answers.sealed_questions(frame, reader)
    elif what == CASES:
        count = memory.sealed_cases(frame, now, reader)
    elif what == TRANSMISSIONS:
        count = memory.sealed_transmissions(frame, reader)
    else:
        count = 0
    return words.unlisted(count)


def _table(
    what: str,
    page: AnyPage,
    request: AgentRequest,
    asked: Question,
) -> tables.Table:
    if isinstance(page, memory.MemoryPage):
        table: Any = tables_memory.held_table if what == CASES else tables_memory.passed_table
        made: tables.Table = table(page.rows, request.user, asked.frame)
        return made
    if isinstance(page, answers.QuestionPage):
        return tables_answers.question_table(page.rows, request.user, asked.frame)
    return tables.shown(what, page.rows, request.user, asked.frame)


@requires("quality.read")
def services(request: AgentRequest) -> HttpResponse:
    """How each department answers the desks."""
    now = timezone.now()
    asked = question(request, now=now)
    found = answers.by_service(asked.frame, now)
    context = {
        **common(request, asked),
        "table": tables_answers.service_table(
            found, asked.query_without("service"), linked=_may_list(request, QUESTIONS)
        ),
        "export_url": _export_url(asked, SERVICES),
    }
    return render(request, "quality/services.html", context)


@requires("quality.export")
def export(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    asked = question(request, now=now)
    refuse_senseless(asked)
    what = request.GET.get("rows", "measures")
    header, lines = _exported(what, asked, request, now)
    note = _unlisted(what, asked, request, now)
    actions.note_export(asked.perimeter, what, actor=request.user)
    first, last = asked.perimeter.first, asked.perimeter.last
    return csv_answer(f"{what}-{first:%Y%m%d}-{last:%Y%m%d}.csv", header, lines, note)


def _exported(
    what: str, asked: Question, request: AgentRequest, now: datetime
) -> tuple[list[str], Iterable[list[object]]]:
    if what == "measures":
        found = queries.measures(asked.perimeter, now=now)
        return tables.measures(found, asked.perimeter)
    if what == SERVICES:
        return tables_answers.services(answers.by_service(asked.frame, now))
    if not _may_list(request, what):
        raise Http404
    if what == TICKETS:
        lines = rows.all_tickets(asked.frame, reader=request.user)
        return tables.tickets(lines, asked.frame)
    if what == CONTACTS:
        known = rows.all_contacts(asked.frame, now, reader=request.user)
        return tables.contacts(known, asked.frame, answers=request.user.may("contacts.read"))
    if what == QUESTIONS:
        questions = answers.all_questions(asked.frame, reader=request.user)
        return tables_answers.questions(questions, asked.frame)
    if what == CASES:
        open_cases = memory.all_held(asked.frame, now, reader=request.user)
        return tables_memory.held(open_cases, asked.frame)
    passed = memory.all_passed(asked.frame, reader=request.user)
    return tables_memory.passed(passed, asked.frame)


def common(request: AgentRequest, asked: Question) -> dict[str, Any]:
    """What the head of every page about indicators needs."""
    chosen = (asked.perimeter.first, asked.perimeter.last)
    return {
        "form": asked.form,
        "asked": asked,
        "period": period_text(asked),
        "reset_url": request.path if asked.is_narrowed else "",
        "presets": [
            {
                "text": text,
                "url": "?" + asked.query_for(days.first, days.last),
                "current": (days.first, days.last) == chosen,
            }
            for days, text in (
                (presets(asked.today)[name], label) for name, label in PRESETS.items()
            )
        ],
        "export_url": _export_url(asked, "measures"),
        "views": _views(request, asked),
        "may_export": request.user.may("quality.export"),
    }


def _views(request: AgentRequest, asked: Question) -> list[dict[str, Any]]:
    pages = [
        ("quality:indicators", _("One period")),
        ("quality:months", _("Twelve months")),
        ("quality:week", _("Usual week")),
        ("quality:services", _("Departments")),
        ("quality:rows", _("Rows")),
        ("quality:sheets", _("Sheets")),
    ]
    found = [
        {
            "text": text,
            "url": f"{reverse(name)}?{asked.query}",
            "current": request.path == reverse(name),
        }
        for name, text in pages
        if name != "quality:rows" or request.user.may("quality.rows")
    ]
    found.append({"text": _("Announced waits"), "url": reverse("web:estimates"), "current": False})
    if request.user.may("quality.manage") or request.user.may("queue.manage"):
        found.append({"text": _("Goals"), "url": reverse("quality:goals"), "current": False})
    return found


def _export_url(asked: Question, what: str) -> str:
    return f"{reverse('quality:export')}?{asked.query}&rows={what}"


def _row_tab(asked: Question, key: str, text: str, current: str) -> dict[str, Any]:
    return {"text": text, "url": f"?{asked.query}&rows={key}", "current": key == current}


def period_text(asked: Question) -> str:
    """The period and what it is narrowed to, in one line."""
    first, last = asked.perimeter.first, asked.perimeter.last
    days = (
        date_format(first, "DATE_FORMAT")
        if first == last
        else _("From %(first)s to %(last)s")
        % {
            "first": date_format(first, "DATE_FORMAT"),
            "last": date_format(last, "DATE_FORMAT"),
        }
    )
    narrowed = [
        str(value)
        for value in (asked.perimeter.site, asked.perimeter.service, asked.perimeter.topic)
        if value
    ]
    if asked.perimeter.channel:
        narrowed.append(str(dict(asked.form.fields["channel"].choices)[asked.perimeter.channel]))  # type: ignore[attr-defined]
    return " · ".join([days, *(narrowed or [_("the whole house")])])


def _groups(request: AgentRequest, asked: Question, now: datetime) -> list[Group]:
    found = {one.code: one for one in queries.measures(asked.perimeter, now=now)}
    goals = queries.goals_on(asked.perimeter.authority, asked.perimeter.last)
    groups = []
    for key, title, what, codes in GROUPS:
        shown = [words.shown(found[code], goals) for code in codes if code in found]
        if not shown:
            continue
        rows_url = f"{reverse('quality:rows')}?{asked.query}&rows={what}"
        groups.append(
            Group(
                key,
                str(title),
                [one for one in shown if one.measure.denominator],
                [one for one in shown if not one.measure.denominator],
                rows_url if _may_list(request, what) else "",
                str(BEHIND[what]),
            )
        )
    return groups


def _multiple(
    code: str, measures: list[Any], stretch: list[Any], goals: dict[str, float]
) -> dict[str, Any]:
    goal = goals.get(code)
    drawing: Multiple = multiple(measures, goal)
    lines = [words.shown(measure, goals) for measure in measures]
    unit = measures[0].unit
    return {
        "code": code,
        "name": lines[0].name,
        "text": lines[0].text,
        "drawing": drawing,
        "floor": words.rounded(drawing.floor, unit),
        "ceiling": words.rounded(drawing.ceiling, unit),
        "goal": None if goal is None else words.goal_sentence(code, goal),
        "description": _described(lines, stretch),
        "points": [
            (point, date_format(month.first, "N")[:1].upper())
            for point, month in zip(drawing.points, stretch, strict=True)
        ],
        "lines": [
            (date_format(month.first, "F Y"), line)
            for month, line in zip(stretch, lines, strict=True)
        ],
        "is_empty": all(line.measure.value is None for line in lines),
    }


def _described(lines: list[words.Shown], stretch: list[Any]) -> str:
    told = [
        f"{date_format(month.first, 'F Y')}: {line.value}"
        for month, line in zip(stretch, lines, strict=True)
        if line.value
    ]
    return "; ".join(told) or _("Not enough to show in any of these months.")
