"""HEAD and OPTIONS for every address of the API: the usual manners of HTTP (RFC 9110)."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern


def mannered(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """The same addresses: HEAD answers like GET without a body, OPTIONS names the methods."""
    return [
        URLPattern(one.pattern, answering(one.callback), one.default_args, one.name)
        for one in patterns
    ]


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the API that also takes HEAD, where it takes GET, and OPTIONS."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"  # the body is cut off by whoever sends the answer
        response = view(request, *args, **kwargs)
        request.method = asked
        if response.status_code == 405:
            response.headers["Allow"] = _with_ours(response.headers["Allow"])
            if asked == "OPTIONS":
                return HttpResponse(status=204, headers={"Allow": response.headers["Allow"]})
        return response

    return wrapped


def _with_ours(allowed: str) -> str:
    methods = set(allowed.split(", ")) | {"OPTIONS"}
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods))
