"""Who calls: a bearer token of one authority and one role."""

import copy
import hashlib
import time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from parvis.accounts.models import Agent, ApiToken

LARGEST_ID = 2**63 - 1
# Seconds for which the role and the authority of a token are remembered by a process; whether
# the token still holds is asked at every request.
REMEMBERED = 5
MOST_REMEMBERED = 1000
_STILL_GOOD = """
SELECT 1 FROM accounts_apitoken t JOIN accounts_agent a ON a.id = t.agent_id
WHERE t.secret_hash = %s AND t.revoked_at IS NULL AND a.is_active
"""
_known: dict[str, tuple[float, Agent]] = {}


class ApiRequest(HttpRequest):
    """A request of another program, acting through the technical agent of its token."""

    auth: Agent


class TokenAuth(HttpBearer):
    """Looks the token up by its hash; a revoked one is unknown from the next request on."""

    def authenticate(self, request: HttpRequest, token: str) -> Agent | None:
        asked, agent = getattr(request, "parvis_sender", ("", None))
        return agent if asked == token else who(token)


def ask_beforehand(request: HttpRequest) -> None:
    """Look the sender up now: on SQLite nobody who wants to write should wait for a look-up."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        request.parvis_sender = (token, who(token))  # type: ignore[attr-defined]


def who(token: str) -> Agent | None:
    """The agent of a token, if neither is revoked: one short query for a token seen lately."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_STILL_GOOD, [digest])
        if cursor.fetchone() is None:
            _known.pop(digest, None)
            return None
    seen = _known.get(digest)
    if seen is None or time.monotonic() - seen[0] > REMEMBERED:
        seen = _known[digest] = (time.monotonic(), _read(digest))
        if len(_known) > MOST_REMEMBERED:
            _known.pop(next(iter(_known)))
    # Each request gets its own copy: nothing it puts on the agent is seen by another.
    return copy.copy(seen[1])


def _read(digest: str) -> Agent:
    tokens = ApiToken.objects.select_related("agent", "agent__authority")
    agent: Agent = tokens.prefetch_related("agent__grants").get(secret_hash=digest).agent
    agent.capabilities  # noqa: B018 - worked out here, once for all copies
    return agent


def sender_of(request: HttpRequest) -> str:
    """Who sends, as the scope of idempotency keys: the hash of the token, never the token.

    Without one it is whoever knows the address: the secret in it is hashed as well.
    """
    told = request.headers.get("Authorization") or request.path
    return hashlib.sha256(told.encode()).hexdigest()


def need(request: ApiRequest, capability: str) -> Agent:
    """The calling agent, if the role of the token allows this."""
    if not request.auth.may(capability):
        raise PermissionDenied
    return request.auth


def fetch(rows: QuerySet[Any], given: str | int | None) -> Any:
    """The row with this id among those visible to the caller; 404 for anything else."""
    row = rows.filter(id=number(given)).first()
    if row is None:
        raise not_there(rows.model, given)
    return row


def not_there(model: type[Model], given: str | int | None) -> Http404:
    """The 404 of an id; which id is meant has to be said: an address and a body hold several."""
    what = {"what": model._meta.verbose_name, "id": str(given)[:40]}
    return Http404(_("There is no “%(what)s” with the id %(id)s for this token.") % what)


def number(given: str | int | None) -> int:
    """An id as it came in the address or body; 0, which no row has, for what is none."""
    text = str(given)
    is_id = text.isascii() and text.isdigit() and int(text) <= LARGEST_ID
    return int(text) if is_id else 0
