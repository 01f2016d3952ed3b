"""The peer of the page of a sheet: the same template with the same words, and nothing else.

The context is taken once from the real page; each request to ``/bare/`` then renders the template
with it: no query, no context processor. The middlewares are the real ones: they belong to both.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context, engines
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import path

from bench.pages_fill import SHEET
from parvis.urls import handler400, handler403, handler404, handler500
from parvis.urls import urlpatterns as real

_kept: list[Callable[[], str]] = []


def bare(request: HttpRequest) -> HttpResponse:
    if not _kept:
        _kept.append(_template())
    return HttpResponse(_kept[0]())


bare.access = ("public",)  # type: ignore[attr-defined]


def _template() -> Callable[[], str]:
    setup_test_environment()  # makes the client keep templates and contexts
    answer: Any = Client(SERVER_NAME="localhost").get(SHEET)
    teardown_test_environment()
    assert answer.status_code == 200, answer.status_code
    template: Any = engines["django"].get_template(answer.templates[0].name)
    values: dict[str, Any] = {}
    for one in answer.context:
        values.update(one.flatten() if hasattr(one, "flatten") else one)
    return lambda: str(template.template.render(Context(values)))


urlpatterns = [path("bare/", bare), *real]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
