"""Pages behind a secret link, and the question at the kiosk: no account opens or closes them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.cases import actions as cases
from parvis.cases.actions import Wanted
from parvis.letters import actions as letters
from tests.cases.factories import nadia, windows
from tests.letters.factories import a_letter as begun
from tests.letters.factories import odette
from tests.organisations.factories import SiteFactory
from tests.support.routes import Route
from tests.web.factories import SECRET, visited


def a_case() -> dict[str, Any]:
    return {"secret": windows(now=timezone.now()).secret}


def a_letter() -> dict[str, Any]:
    opened = windows(person=odette(), now=timezone.now())
    letter = begun(opened.case, now=timezone.now())
    leaving = letters.Leaving("post", timezone.localdate())
    letters.send_letter(letter, leaving, agent=nadia(), now=timezone.now())
    return {"secret": opened.secret, "pk": letter.pk}


def an_answered_case() -> dict[str, Any]:
    opened = windows(now=timezone.now())
    cases.close(opened.case, agent=nadia(), now=timezone.now(), text="Done")
    return {"secret": opened.secret}


def an_item() -> dict[str, Any]:
    opened, now = windows(now=timezone.now()), timezone.now()
    until = timezone.localdate() + timedelta(days=9)
    [item] = cases.ask_for_items(
        opened.case, agent=nadia(), now=now, wanted=[Wanted("Le plan")], until=until
    )
    return {"secret": opened.secret, "pk": item.pk}


def a_document() -> dict[str, Any]:
    opened, now = windows(now=timezone.now()), timezone.now()
    kept = cases.attach(opened.case, name="a.pdf", kind="", data=b"%PDF-1.7 a plan", now=now)
    return {"secret": opened.secret, "pk": kept.pk}


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
    Route("web:tracking-confirm", "public", {"get": 200, "post": 422}, a_case),
    Route("web:tracking-details", "public", {"get": 302, "post": 302}, a_case),
    Route("web:tracking-mandates", "public", {"get": 302, "post": 302}, a_case),
    Route("web:tracking-link", "public", ours=a_case),
    Route("web:tracking-renew", "public", {"post": 302, "get": 405}, a_case),
    Route("web:tracking-shut", "public", {"post": 200, "get": 405}, a_case),
    Route("web:tracking-forget", "public", {"post": 302, "get": 405}, a_case),
    Route("web:tracking-call", "public", {"get": 200, "post": 422}, a_case),
    Route("web:tracking-no-call", "public", {"post": 302, "get": 405}, a_case),
    Route("web:tracking-item", "public", {"get": 200, "post": 422}, an_item),
    Route("web:tracking-file", "public", {"get": 302}, a_document),
    Route("web:tracking-complaint", "public", {"get": 200, "post": 422}, a_case),
    Route("web:tracking-letter", "public", {"get": 302}, a_letter),
    Route("web:tracking-right", "public", {"post": 302, "get": 405}, a_case),
    Route(
        "web:ticket-answer", "public", {"get": 200, "post": 302}, a_visit, data={"solved": "yes"}
    ),
    Route("web:kiosk-answer", "public", {"get": 200, "post": 409}, a_hall),
]
