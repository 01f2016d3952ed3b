"""Fetching with the right: what the agent may not read does not exist."""

from datetime import datetime, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from parvis.accounts.http import AgentRequest
from parvis.cases import actions as case_actions
from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.common import codes, journal
from parvis.letters import queries
from parvis.letters.models import Letter

ONE_READING = timedelta(minutes=5)


def case_of(request: AgentRequest, reference: str) -> Case:
    """The case with this reference, typed as people type it."""
    plain = codes.parse_reference(reference)
    if plain is None:
        raise Http404
    return get_object_or_404(cases.whole(request.user), reference=plain)


def read(request: AgentRequest, case: Case, now: datetime) -> None:
    """A reading from outside the service is kept; pages opened one after another are one."""
    agent = request.user
    lately = journal.of(case).filter(
        verb="cases.case_read", actor=journal.name_of(agent), at__gt=now - ONE_READING
    )
    if agent.service_id == case.service_id or not lately.exists():
        case_actions.record_reading(case, agent=agent, now=now)


def letter_of(request: AgentRequest, pk: int) -> Letter:
    """The letter, if its case may be read."""
    return get_object_or_404(queries.whole(request.user), pk=pk)


def paper(content: bytes, *, name: str, kind: str = "application/pdf") -> HttpResponse:
    """A paper of ours, to be looked at or printed."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
