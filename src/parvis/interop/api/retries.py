"""Idempotency-Key on every POST: same key and body, same answer, one effect."""

import functools
import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError
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

    def post(self, path: str, *, keeps_itself: bool = False, **options: Any) -> Callable[..., Any]:
        """``keeps_itself``: the view calls ``kept_once``, and reads before it without a lock."""
        register = super().post(path, **options)
        if keeps_itself:
            return lambda view: register(decorate_view(checked)(view))
        return lambda view: register(decorate_view(once)(view))


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the stored answer to a key that was answered before."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        call = functools.partial(view, request, *args, **kwargs)
        return _answer_once(request, key, call) if key else idempotency.second_look(call)

    return checked(wrapped)


def checked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only what can be read: a body that is not too big, a key that is one."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.body  # noqa: B018 - read here, where its size can be told in words
        except RequestDataTooBig:
            return problems.too_big()
        key = request.headers.get("Idempotency-Key", "")
        if len(key) > LONGEST_KEY or "\0" in key:
            return problem(
                422, _("Not understood"), _("An Idempotency-Key has 200 characters at most.")
            )
        try:
            return view(request, *args, **kwargs)
        except IntegrityError as error:  # at the second look too
            return problems.unexpected(request, error)

    return wrapped


def kept_once(request: HttpRequest, effect: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run the effect of a view once for its key; told again, it is the answer of the first time."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return effect()
    answer = idempotency.once(
        lambda: Answer(200, json.dumps(effect(), cls=DjangoJSONEncoder)),
        now=timezone.now(),
        **_under(request, key),
    )
    return _read(answer)


def answered_before(request: HttpRequest) -> dict[str, Any] | None:
    """What ``kept_once`` answered to this key already, before anything is read for it again."""
    key = request.headers.get("Idempotency-Key", "")
    answer = idempotency.given(**_under(request, key)) if key else None
    return _read(answer) if answer else None


def _read(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.text)
    return found


def _under(request: HttpRequest, key: str) -> dict[str, str]:
    mark = idempotency.fingerprint(request.method or "", request.path, request.body)
    return {"scope": f"api:{sender_of(request)}", "key": key, "mark": mark}


def _answer_once(request: HttpRequest, key: str, call: Callable[[], HttpResponse]) -> HttpResponse:
    def effect() -> Answer:
        response = call()
        if response.status_code >= 400:
            raise _NothingStored(response)
        return Answer(response.status_code, response.content.decode())

    ask_beforehand(request)
    try:
        answer = idempotency.once(effect, now=timezone.now(), **_under(request, key))
    except _NothingStored as nothing:
        return nothing.response
    except KeyReused as error:
        return problems._key_reused(request, error)
    return HttpResponse(answer.text, status=answer.status, content_type="application/json")
