"""What stands at the workstation about questions to departments: the panel, the answers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.http import requires
from parvis.departments import queries as departments
from parvis.organisations import queries as places

KEPT = "web_question"  # in the session: words that were not sent yet
LONGEST = 500
SHORTEST = 8
SHOWN = 10


@requires("departments.ask")
@require_safe
@never_cache
def answers(request: AgentRequest) -> HttpResponse:
    """What the departments said to this colleague: what a wake-up of the stream fetches again."""
    context = answers_here(request)
    response = render(request, "web/_workstation_answers.html", context)
    response.headers["Parvis-Mark"] = context["answers_mark"]
    return response


def answers_here(request: AgentRequest) -> dict[str, Any]:
    """Unread answers and open questions of a colleague, whatever desk they sit at now."""
    mine = list(departments.mine(request.user)[:SHOWN])
    unread = [one for one in mine if not one.is_open]
    waiting = [one for one in mine if one.is_open]
    marks = [f"{one.pk}{one.state}" for one in (*unread, *waiting)]
    return {"unread": unread, "waiting": waiting, "answers_mark": "-".join(marks)}


@requires("departments.ask")
@require_safe
@never_cache
def similar(request: AgentRequest) -> HttpResponse:
    """Earlier questions that ask what is being typed."""
    typed = request.GET.get("text", "")[:LONGEST]
    context = {"known": known_to(request, typed), "asked": typed}
    return render(request, "web/_workstation_known.html", context)


def known_to(request: AgentRequest, typed: str) -> list[departments.Known]:
    """Earlier questions of the house that ask the same as what is typed."""
    if len(typed.strip()) < SHORTEST:
        return []
    return departments.known_answers(request.user, typed, now=timezone.now())


def question_panel(request: AgentRequest) -> dict[str, Any]:
    """The panel of the question: empty, opened with words of a search, or as it was sent."""
    kept = request.session.get(KEPT, {})
    is_open = "question" in request.GET
    typed = (kept.get("text") or request.GET.get("q", ""))[:LONGEST] if is_open else ""
    return {
        "text": typed,
        "is_open": is_open,
        "known": known_to(request, typed) if kept and is_open else [],
        "service": kept.get("service") or (request.GET.get("service", "") if is_open else ""),
        "services": places.services_of(request.user.authority),
    }
