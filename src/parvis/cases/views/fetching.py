"""Fetching with the right: what the agent may not read does not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from parvis.accounts.http import AgentRequest
from parvis.cases import queries
from parvis.cases.models import Case
from parvis.common import codes


def case_of(request: AgentRequest, reference: str) -> Case:
    """The case with this reference, typed as people type it."""
    plain = codes.parse_reference(reference)
    if plain is None:
        raise Http404
    return get_object_or_404(queries.whole(request.user), reference=plain)
