"""Faults that pass unseen with Django's defaults, made loud while tests run."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test.client import ClientHandler

_SCRIPT = re.compile(r"<(script|style|template)\b.*?</\1>", re.DOTALL)
_HANDLER = re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=[^<>]*>", re.IGNORECASE)
_ID = re.compile(r'<[a-z][^<>]*?\sid="([^"<>]+)"')


def shuffle_what_has_no_order(patch: pytest.MonkeyPatch, seed: str) -> None:
    """Rows without an order come in another one each time: no database promises any."""
    rows_of: Any = QuerySet
    fetch, walk, draw = rows_of._fetch_all, rows_of._iterator, random.Random(seed)

    def shuffled(self: QuerySet[Any]) -> None:
        is_fresh = self._result_cache is None
        fetch(self)
        if is_fresh and not self.ordered and isinstance(self._result_cache, list):
            draw.shuffle(self._result_cache)

    def walked(self: QuerySet[Any], *args: Any) -> Iterator[Any]:
        rows = walk(self, *args)
        if self.ordered:
            yield from rows
            return
        found = list(rows)
        draw.shuffle(found)
        yield from found

    patch.setattr(QuerySet, "_fetch_all", shuffled)
    patch.setattr(QuerySet, "_iterator", walked)


def refuse_faulty_pages(patch: pytest.MonkeyPatch) -> None:
    """A page with a handler in its HTML, or with the same id twice, fails whoever asked for it."""
    answer: Any = ClientHandler.__call__

    def judged(self: ClientHandler, environ: dict[str, Any]) -> HttpResponse:
        response: HttpResponse = answer(self, environ)
        if not response.streaming and response.headers.get("Content-Type", "").startswith(
            "text/html"
        ):
            assert faults(response.content.decode()) == [], environ["PATH_INFO"]
        return response

    patch.setattr(ClientHandler, "__call__", judged)


def faults(page: str) -> list[str]:
    """Handlers in the HTML, and ids that are not unique."""
    page = _SCRIPT.sub("", page)
    twice = [name for name, times in Counter(_ID.findall(page)).items() if times > 1]
    return _HANDLER.findall(page) + twice
