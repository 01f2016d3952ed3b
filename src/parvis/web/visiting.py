"""Somebody opens the page of a case: which case, by which key, and is it sure that it is them?"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from parvis.cases import queries
from parvis.cases.models import Case
from parvis.cases.rules.doors import DEVICE_KNOWN
from parvis.web import answering
from parvis.web.secret import Elsewhere, Unknown

COOKIE = "parvis-suivi"
PATH = "/suivi/"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
_REMEMBERED = 8  # requests whose confirmation one device keeps


@dataclass(frozen=True)
class Visit:
    """One opening of the page."""

    case: Case
    secret: str
    by_code: bool  # with code and name: for an hour, and without power over the link
    is_confirmed: bool  # the six digits from the person's own mail were typed on this device


def visit_of(request: HttpRequest, secret: str, *, locked: bool = False) -> Visit:
    """The visit behind a secret; ``locked`` pages open without the six digits.

    Whoever has no such link is told nothing; what is sensitive leads to the page of the digits.
    """
    now = timezone.now()
    case = queries.by_secret(secret, now)
    if case is None or _is_elsewhere(request, case):
        raise Unknown
    holder = case.held_by
    # Typing the six digits is not writing: locked pages stand open to every holder.
    if request.method == "POST" and holder is not None and not holder.may_write and not locked:
        raise PermissionDenied  # whoever only follows the request for somebody writes nothing
    request.authority = case.authority  # type: ignore[attr-defined]  # name and colours
    visit = Visit(
        case=case,
        secret=secret,
        by_code=queries.opened_by_code(secret),
        is_confirmed=any(queries.is_known_device(case, one, now) for one in tokens(request)),
    )
    if not locked and not visit.is_confirmed and queries.is_sensitive(case):
        raise Elsewhere(reverse("web:tracking-confirm", args=[secret]))
    return visit


def confirmed(request: HttpRequest, secret: str, *, then: str = "") -> Visit:
    """A visit that is surely the person's; else the page that asks for the six digits."""
    visit = visit_of(request, secret, locked=True)
    if not visit.is_confirmed:
        query = f"?suite={then}" if then else ""
        raise Elsewhere(reverse("web:tracking-confirm", args=[secret]) + query)
    return visit


def only_theirs(visit: Visit) -> Visit:
    """The link and the address are the person's own: not even whoever acts for them changes it."""
    if visit.case.held_by is not None:
        raise Unknown
    return visit


def _is_elsewhere(request: HttpRequest, case: Case) -> bool:
    """Opened under the host name of another authority: nothing is known of it there."""
    host = request.get_host().partition(":")[0]
    return case.authority.hostname != host and answering.is_front_door(host)


def tokens(request: HttpRequest) -> list[str]:
    """The confirmations that this device keeps."""
    return _TOKEN.findall(request.COOKIES.get(COOKIE, ""))[:_REMEMBERED]


def remember(
    response: HttpResponse, request: HttpRequest, token: str, *, for_long: bool
) -> HttpResponse:
    """Have the device keep one confirmation more, for a month or until the browser is closed."""
    kept = [token, *tokens(request)][:_REMEMBERED]
    response.set_cookie(
        COOKIE,
        ".".join(kept),
        max_age=int(DEVICE_KNOWN.total_seconds()) if for_long else None,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """Have the device forget every confirmation."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response
