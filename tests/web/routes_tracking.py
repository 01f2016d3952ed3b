"""Pages behind a secret link, and the question at the kiosk: no account opens or closes them."""

from typing import Any

from django.utils import timezone

from parvis.cases import actions
from tests.cases.factories import nadia, windows
from tests.organisations.factories import SiteFactory
from tests.support.routes import Route
from tests.web.factories import SECRET, visited


def a_case() -> dict[str, Any]:
    return {"secret": windows(now=timezone.now()).secret}


def an_answered_case() -> dict[str, Any]:
    opened = windows(now=timezone.now())
    actions.close(opened.case, agent=nadia(), now=timezone.now(), text="Done")
    return {"secret": opened.secret}


def a_visit() -> dict[str, Any]:
    visited()
    return {"secret": SECRET}


def a_hall() -> dict[str, Any]:
    return {"site": SiteFactory.create().slug}


ROUTES = [
    Route("web:tracking", "public", ours=a_case),
    Route(
        "web:tracking-message", "public", {"post": 302, "get": 405}, a_case, data={"text": "Hello"}
    ),
    Route("web:tracking-thanks", "public", {"post": 302, "get": 405}, a_case),
    Route(
        "web:tracking-answer",
        "public",
        {"post": 302, "get": 405},
        an_answered_case,
        data={"solved": "yes"},
    ),
    Route("web:tracking-slip", "public", ours=a_case),
    Route(
        "web:ticket-answer", "public", {"get": 200, "post": 302}, a_visit, data={"solved": "yes"}
    ),
    Route("web:kiosk-answer", "public", {"get": 200, "post": 409}, a_hall),
]
