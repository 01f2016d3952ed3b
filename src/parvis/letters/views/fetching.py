"""Fetching with the right: what the agent may not read does not exist, or asks why first."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from parvis.accounts.http import AgentRequest
from parvis.cases import actions as case_actions
from parvis.cases.models import Case
from parvis.cases.views.fetching import asks_why, case_of, check_reason
from parvis.letters import queries
from parvis.letters.models import Letter

__all__ = ["asks_why", "case_of", "letter_of", "paper", "read"]


def read(request: AgentRequest, case: Case, now: datetime) -> None:
    """A reading is kept, as on the page of the case."""
    case_actions.record_reading(case, agent=request.user, now=now)


def letter_of(request: AgentRequest, pk: int) -> Letter:
    """The letter, if its case may be read, and was opened with a reason from outside."""
    found = get_object_or_404(queries.whole(request.user), pk=pk)
    check_reason(request, found.case)
    return found


def paper(content: bytes, *, name: str, kind: str = "application/pdf") -> HttpResponse:
    """A paper of ours, to be looked at or printed."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
