"""Every address: the answer is written down, and nothing foreign is ever found.

What each role gets is in tests/test_roles.py.
"""

import importlib
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parvis.accounts.models import Agent
from parvis.accounts.rules import CAPABILITIES
from parvis.cases.models import Case
from tests.accounts.factories import AgentFactory, rozenn
from tests.support import exits
from tests.support.routes import Route

ROOMS = [
    "web", "queue", "knowledge", "cases", "appointments", "feedback", "contacts", "organisations",
    "quality", "privacy",
    "accounts", "common", "law", "departments", "letters", "mail", "assistant",
]  # fmt: skip
# The API has its own walk over its OpenAPI document: tests/interop/test_walk.py.
ELSEWHERE = {"api"}
WITHOUT_ROOM = {"set_language"}


def routes() -> list[Route]:
    found: list[Route] = []
    for room in ROOMS:
        try:
            module = importlib.import_module(f"tests.{room}.routes")
        except ModuleNotFoundError as error:
            if error.name != f"tests.{room}.routes":
                raise
            continue
        found += module.ROUTES
    return found


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace or ""]))
            if inner not in ELSEWHERE:
                yield from names(pattern.url_patterns, inner)
        elif pattern.name:
            yield ":".join(filter(None, [namespace, pattern.name]))
        else:
            yield f"nameless {pattern.pattern}"


ROUTES = routes()
CASES = [(route, method) for route in ROUTES for method in route.methods]
IDS = [f"{route.name}-{method}" for route, method in CASES]


def answer(client: Client, route: Route, method: str, arguments: dict[str, object]) -> HttpResponse:
    address = reverse(route.name, kwargs=arguments) + route.query
    data = dict(route.data) if method == "post" else {}
    got: HttpResponse = getattr(client, method)(address, data)
    if got.streaming:
        b"".join(got.streaming_content)  # a file is closed once it is read
    return got


def send(client: Client, route: Route, method: str, arguments: dict[str, object]) -> int:
    return answer(client, route, method, arguments).status_code


def somebody_entitled(route: Route) -> Agent:
    """Of the first role that may, in the service of the case that was made for the route."""
    agent: Agent = AgentFactory.create(
        username="entitled", entry=None, roles=sorted(route.access)[:1]
    )
    case = Case.objects.order_by("pk").first()
    if case is not None:
        # Whoever comes from another service is asked why first: tests/cases/test_reading.py.
        agent.service = case.service
        agent.save(update_fields=["service"])
    return agent


def test_every_url_name_is_in_the_table():
    missing = set(names(get_resolver().url_patterns)) - {r.name for r in ROUTES} - WITHOUT_ROOM

    assert missing == set()


def test_the_table_names_no_url_that_is_gone():
    gone = {route.name for route in ROUTES} - set(names(get_resolver().url_patterns))

    assert gone == set()


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "method"), CASES, ids=IDS)
def test_somebody_without_an_account(route: Route, method: str, client: Client):
    arguments = dict(route.ours())

    got = answer(client, route, method, arguments)

    assert got.status_code == (route.methods[method] if route.access == "public" else 302)
    if route.access == "public" and method == "get":
        assert exits.lack_of(route.name, got) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("route", "method"),
    [(r, m) for r, m in CASES if m == "post" and r.access not in ("public", frozenset({"any"}))],
    ids=lambda value: getattr(value, "name", value),
)
def test_an_entitled_role_may_post(route: Route, method: str, client: Client):
    arguments = dict(route.ours())
    client.force_login(somebody_entitled(route))

    assert send(client, route, method, arguments) == route.methods[method]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("route", "method"),
    [(r, m) for r, m in CASES if r.access != "public" and r.ours.__name__ != "nothing"],
    ids=lambda value: getattr(value, "name", value),
)
def test_rozenn_of_another_authority_finds_nothing(route: Route, method: str, client: Client):
    arguments = dict(route.ours())
    client.force_login(rozenn(roles=list(CAPABILITIES.keys() - {"AUD"})))

    assert send(client, route, method, arguments) == route.foreign
