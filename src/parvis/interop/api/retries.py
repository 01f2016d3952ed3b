"""Idempotency-Key on every POST: same key and body, same answer, one effect."""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.decorators import decorate_view

from parvis.common import idempotency
from parvis.common.http import problem
from parvis.common.idempotency import Answer, KeyReused
from parvis.interop.api import problems
from parvis.interop.api.auth import ask_beforehand, sender_of

LONGEST_KEY = 200


class _NothingStored(Exception):
    """The call failed: roll everything back, the key too, so that it may be tried again."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class ApiRouter(Router):
    """A router whose POSTs all take an Idempotency-Key."""

    def post(self, path: str, **options: Any) -> Callable[..., Any]:
        register = super().post(path, **options)
        return lambda view: register(decorate_view(once)(view))


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the stored answer to a key that was answered before."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.body  # noqa: B018 - read here, where its size can be told in words
        except RequestDataTooBig:
            return problems.too_big()
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(request, *args, **kwargs)
        if len(key) > LONGEST_KEY or "\0" in key:
            return problem(
                422, _("Not understood"), _("An Idempotency-Key has 200 characters at most.")
            )
        return _answer_once(request, key, lambda: view(request, *args, **kwargs))

    return wrapped


def _answer_once(request: HttpRequest, key: str, call: Callable[[], HttpResponse]) -> HttpResponse:
    def effect() -> Answer:
        response = call()
        if response.status_code >= 400:
            raise _NothingStored(response)
        return Answer(response.status_code, response.content.decode())

    ask_beforehand(request)
    mark = idempotency.fingerprint(request.method or "", request.path, request.body)
    try:
        answer = idempotency.once(
            effect, scope=f"api:{sender_of(request)}", key=key, mark=mark, now=timezone.now()
        )
    except _NothingStored as nothing:
        return nothing.response
    except KeyReused as error:
        return problems._key_reused(request, error)
    return HttpResponse(answer.text, status=answer.status, content_type="application/json")
