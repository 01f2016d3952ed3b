"""Fetching with the right: what the agent may not read does not exist."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from parvis.accounts.http import AgentRequest
from parvis.cases import actions as case_actions
from parvis.cases import asking
from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.common import codes
from parvis.letters import queries
from parvis.letters.models import Letter


def case_of(request: AgentRequest, reference: str) -> Case:
    """The case with this reference, typed as people type it."""
    plain = codes.parse_reference(reference)
    if plain is None:
        raise Http404
    found = get_object_or_404(cases.whole(request.user), reference=plain)
    return asking.check(found, request.user, timezone.now())


def read(request: AgentRequest, case: Case, now: datetime) -> None:
    """A reading within the service is kept; from outside it was, with its reason."""
    case_actions.record_reading(case, agent=request.user, now=now)


def letter_of(request: AgentRequest, pk: int) -> Letter:
    """The letter, if its case may be read."""
    found = get_object_or_404(queries.whole(request.user), pk=pk)
    asking.check(found.case, request.user, timezone.now())
    return found


def paper(content: bytes, *, name: str, kind: str = "application/pdf") -> HttpResponse:
    """A paper of ours, to be looked at or printed."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
