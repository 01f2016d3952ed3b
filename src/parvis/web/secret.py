"""Pages opened by a secret in their address: no account, and no trace of the secret anywhere."""

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from parvis.common import idempotency, throttle
from parvis.common.errors import Busy, Refused
from parvis.common.http import client_address, public
from parvis.web import context

MISSES = throttle.Limit("secret-miss", burst=20, seconds=3)
WRITES = throttle.Limit("secret-write", burst=10, seconds=30)
LONGEST = 64

View = Callable[..., HttpResponse]


class Unknown(Exception):
    """No page has this secret; whether it ever had one is not told."""


class Elsewhere(Exception):
    """Something else comes first: another page of the same secret."""

    def __init__(self, url: str) -> None:
        self.url = url


def secret_page(view: View) -> View:
    """A page whose address is the key: private, unindexed, silent about keys that do not fit."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, secret: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if len(secret) > LONGEST:
                raise Unknown
            response = view(request, secret, *args, **kwargs)
        except Unknown:
            response = _unknown(request)
        except Elsewhere as elsewhere:
            response = HttpResponseRedirect(elsewhere.url)
        except Busy as busy:
            response = _busy(request, busy)
        return _discreet(response)

    # The browser sends "Origin: null" from a page without referrer, which the usual check
    # refuses. Nothing is lost: no cookie opens these pages, a forger would need the secret.
    return public(csrf_exempt(guarded))


def _discreet(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    if response.status_code >= 400:
        response._has_been_logged = True  # type: ignore[attr-defined]  # the line holds the path
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    try:
        throttle.take(MISSES, client_address(request), now=timezone.now())
    except Busy as busy:
        return _busy(request, busy)
    # Drawn without the request: no token, no cookie, the same bytes for whatever was wrong.
    page = render_to_string("web/secret_unknown.html", context.page(request))
    return HttpResponse(page, status=404)


def _busy(request: HttpRequest, busy: Busy) -> HttpResponse:
    response = render(request, "web/429.html", {"sentence": busy.message}, status=429)
    response.headers["Retry-After"] = str(busy.retry_after)
    return response


def once(request: HttpRequest, scope: str, effect: Callable[[], object]) -> None:
    """One effect per form, without storing the address that the form was sent to."""
    now = timezone.now()
    key = request.POST.get("form_key", "")[:200]
    if not key:
        with transaction.atomic():
            effect()
        return

    def stored() -> idempotency.Answer:
        effect()
        return idempotency.Answer(302, "")

    idempotency.once(stored, scope=scope[:80], key=key, mark="", now=now)


def is_done(request: HttpRequest, scope: str) -> bool:
    """Whether this form had its effect already."""
    key = request.POST.get("form_key", "")[:200]
    return bool(key) and idempotency.given(scope[:80], key, mark="") is not None


def write(
    request: HttpRequest, subject: str, scope: str, effect: Callable[[], None]
) -> Refused | None:
    """One writing through a link, counted and done once; gives back the lawful "no", if any.

    That too many came at once is told by a page of its own, for every secret page.
    """
    try:
        count_write(subject)
        once(request, scope, effect)
    except Busy:
        raise
    except Refused as refused:
        return refused
    return None


def count_write(subject: str) -> None:
    """At most ten writings at once through one link, then one every thirty seconds."""
    throttle.take(WRITES, subject, now=timezone.now())
