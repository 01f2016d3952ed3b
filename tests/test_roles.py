"""Every address x every role: the answer is the one of the table of routes."""

import re
from collections.abc import Iterator
from functools import cache
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from parvis.accounts.models import Agent, Role
from parvis.cases.models import Case
from tests.accounts.factories import AgentFactory
from tests.support.routes import Route
from tests.test_permissions import CASES, IDS, ROUTES, answer

Cast = dict[str, "SimpleCookie[str]"]
LEADS_TO = re.compile(r'(?:href|action)="(/[^"?#]*)')
# The public pages are everybody's.
ACCESS = {route.name: route.access for route in ROUTES if not isinstance(route.access, str)}


@pytest.fixture(scope="module")
def cast(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """Somebody of each role, hired and signed in once; what a test changes is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {role: signed_in(role) for role in Role.values}
        transaction.set_rollback(True)


def signed_in(role: str) -> "SimpleCookie[str]":
    """The cookies of somebody who has this role and no other."""
    agent = AgentFactory.create(username=f"role.{role}", entry=None, roles=[])
    agent.grants.all().delete()
    agent.grants.create(role=role, until="2999-01-01T00:00Z" if role == "AUD" else None)
    client = Client()
    client.force_login(agent)
    return client.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "method"), CASES, ids=IDS)
def test_every_role_gets_the_answer_of_the_table(
    route: Route, method: str, client: Client, cast: Cast
):
    if route.access == "public" or (route.own and method == "post"):
        return
    arguments = dict(route.ours())
    case = Case.objects.filter(service__is_sensitive=False).order_by("pk").first()
    if case is not None:
        # Whoever comes from another service is asked why first: tests/cases/test_reading.py.
        Agent.objects.filter(username__startswith="role.").update(service=case.service)
    wrong = {}
    for role in Role.values:
        if method == "post" and role in route.access:
            continue  # a POST changes something: tried once, in tests/test_permissions.py
        client.cookies = SimpleCookie({name: one.value for name, one in cast[role].items()})
        allowed = "any" in route.access or role in route.access
        expected = route.methods[method] if allowed else 403
        got = answer(client, route, method, arguments)
        if got.status_code != expected:
            wrong[role] = str(got.status_code)
        elif forbidden := sorted(shut_doors(got, role)):
            wrong[role] = f"leads to {', '.join(forbidden)}"

    assert wrong == {}


def shut_doors(page: HttpResponse, role: str) -> set[str]:
    """What this page leads somebody of this role to, by link or form, only to be turned away."""
    if page.streaming or not page.get("Content-Type", "").startswith("text/html"):
        return set()
    return {
        name
        for address in set(LEADS_TO.findall(page.content.decode()))
        if (name := name_of(address)) in ACCESS and not ACCESS[name] & {"any", role}
    }


@cache
def name_of(address: str) -> str:
    try:
        return resolve(address).view_name
    except Resolver404:
        return ""
