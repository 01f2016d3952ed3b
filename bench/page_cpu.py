"""``python -m bench.page_cpu``: CPU in ms of a list page and of its two bare peers, as JSON."""

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
django.setup()

from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.template import Context, engines  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: E402
from django.utils import timezone, translation  # noqa: E402
from tests.accounts.factories import AgentFactory  # noqa: E402

from parvis.contacts import actions, views  # noqa: E402
from parvis.organisations.models import Site, Topic  # noqa: E402
from parvis.wsgi import application  # noqa: E402

ADDRESS = "/agent/contacts/"
TEMPLATE = "contacts/log.html"
# What the view of the page works out; the rest of the context is everybody's.
OWN = {
    "page", "filter_form", "is_filtered", "older_url", "newer_url", "icons", "refusal",
    "entry_form", "topics", "outcomes",
}  # fmt: skip
ROUNDS, TIMES = 9, 12


def main() -> None:
    client = signed_in()
    given = what_it_got(client)
    page = whole_page(client)
    sides = {"page": page, "given": with_all_given(page, given), "bare": bare_template(given)}
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(ROUNDS):  # in turn, so that all see the same machine
        for name, side in sides.items():
            found[name].append(cpu(side))
    print(json.dumps(found))


def signed_in() -> Client:
    """The head of reception, with more contacts than fill a page."""
    site, topic = Site.objects.get(), Topic.objects.all()[0]
    agent = AgentFactory(username="bench.head", roles=["MGR"], authority=site.authority)
    now = timezone.now()
    for number in range(60):
        at = now - timedelta(minutes=number)
        actions.log_contact(
            authority=site.authority, topic=topic, channel="phone", outcome="passed_on",
            started_at=at, ended_at=at, now=now, agent=agent,
        )  # fmt: skip
    client = Client(SERVER_NAME="localhost")
    client.force_login(agent)
    return client


def what_it_got(client: Client) -> dict[str, Any]:
    """All that the page's template was given once."""
    setup_test_environment()  # makes the client keep templates and contexts
    answer = client.get(ADDRESS)
    teardown_test_environment()
    assert answer.status_code == 200, answer.status_code
    assert answer.templates[0].name == TEMPLATE, answer.templates[0].name
    values: dict[str, Any] = {}
    for part in answer.context:
        values.update(part.flatten() if hasattr(part, "flatten") else part)
    return values


def bare_template(values: dict[str, Any]) -> Callable[[], Any]:
    """The page's own template alone, rendered again with what it got."""
    template = engines["django"].get_template(TEMPLATE).template

    def write() -> None:
        with translation.override("fr"):
            assert "</html>" in template.render(Context(values))

    return write


def with_all_given(page: Callable[[], Any], values: dict[str, Any]) -> Callable[[], Any]:
    """The same request through the same server, agent and frame, to a view that asks nothing."""
    theirs = {name: value for name, value in values.items() if name in OWN}

    def bare_view(request: Any, *_args: Any) -> HttpResponse:
        return render(request, TEMPLATE, theirs)

    def answer() -> None:
        with patch.object(views, "_log_page", bare_view):
            page()

    return answer


def whole_page(client: Client) -> Callable[[], Any]:
    """The request as the server hands it to Django, without the test client's own work."""
    cookies = "; ".join(f"{name}={part.value}" for name, part in client.cookies.items())

    def answer() -> None:
        environ = RequestFactory(SERVER_NAME="localhost").get(ADDRESS).environ
        told: list[str] = []
        parts = application(
            {**environ, "HTTP_COOKIE": cookies}, lambda status, headers: told.append(status)
        )
        assert b"</html>" in b"".join(parts)
        parts.close()
        assert told == ["200 OK"], told

    return answer


def cpu(work: Callable[[], Any]) -> float:
    start = time.process_time()
    for _time in range(TIMES):
        work()
    return 1000 * (time.process_time() - start) / TIMES


if __name__ == "__main__":
    main()
