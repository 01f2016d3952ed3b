"""Who calls: a bearer token of one authority and one role."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja.security import HttpBearer

from parvis.accounts.models import Agent, ApiToken

LARGEST_ID = 2**63 - 1


class ApiRequest(HttpRequest):
    """A request of another program, acting through the technical agent of its token."""

    auth: Agent


class TokenAuth(HttpBearer):
    """Looks the token up by its hash; a revoked one is unknown from the next request on."""

    def authenticate(self, request: HttpRequest, token: str) -> Agent | None:
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = (
            ApiToken.objects.select_related("agent", "agent__authority")
            .prefetch_related("agent__grants")
            .filter(secret_hash=digest, revoked_at=None, agent__is_active=True)
            .first()
        )
        return found.agent if found else None


def need(request: ApiRequest, capability: str) -> Agent:
    """The calling agent, if the role of the token allows this."""
    if not request.auth.may(capability):
        raise PermissionDenied
    return request.auth


def fetch(rows: QuerySet[Any], given: str | int | None) -> Any:
    """The row with this id among those visible to the caller; 404 for anything else."""
    return get_object_or_404(rows, id=number(given))


def number(given: str | int | None) -> int:
    """An id as it came in the address or body; what is no number exists nowhere."""
    text = str(given)
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_ID:
        raise Http404
    return int(text)
