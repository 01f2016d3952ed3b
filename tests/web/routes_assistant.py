"""The assistant on its page and in a frame."""

from typing import Any

from django.utils import timezone

from parvis.assistant.actions.screens import begin_at_kiosk
from parvis.assistant.models import Setup
from parvis.organisations.models import Site
from tests.assistant.factories import started
from tests.organisations.factories import AuthorityFactory
from tests.queue.routes import hall
from tests.support.routes import Route


def a_conversation() -> dict[str, Any]:
    from_anywhere()
    return {"secret": started().secret}


def from_anywhere() -> dict[str, Any]:
    Setup.objects.get_or_create(
        authority=AuthorityFactory.create(), defaults={"origins": ["https://ville.example"]}
    )
    return {}


def at_kiosk() -> dict[str, Any]:
    """A conversation on the screen of a kiosk, begun just now."""
    arguments = hall()
    now = timezone.now()
    begun = begin_at_kiosk(
        Site.objects.get(), "bonjour", within=lambda keep: keep(), now=now, language="fr"
    )
    return {**arguments, "secret": begun.key}


def named() -> dict[str, Any]:
    from_anywhere()
    return {"slug": "orvanne"}


BOTH = {"get": 200, "post": 302}
ASKS = {"question": "Combien coûte un passeport ?"}


def steps(name: str) -> list[Route]:
    """A conversation and the ways to a person, on its page or in a frame."""
    both, writes = {"get": 200, "post": 302}, {"get": 200, "post": 422}
    return [
        Route(f"web:{name}", "public", both, a_conversation, ASKS),
        Route(f"web:{name}-person", "public", ours=a_conversation),
        Route(f"web:{name}-ask", "public", {"post": 422}, a_conversation),
        Route(f"web:{name}-write", "public", {"post": 422}, a_conversation, {"text": "Bonjour"}),
        Route(f"web:{name}-sign", "public", {"post": 204}, a_conversation),
        Route(f"web:{name}-leave", "public", {"post": 302}, a_conversation),
        Route(f"web:{name}-message", "public", writes, a_conversation),
        Route(f"web:{name}-call", "public", writes, a_conversation),
        Route(f"web:{name}-request", "public", {"post": 422}, a_conversation),
    ]


ROUTES = [
    Route("web:assistant", "public", {"get": 200, "post": 302}, from_anywhere, ASKS, foreign=200),
    Route("web:assistant-of", "public", {"get": 200, "post": 302}, named, ASKS, foreign=200),
    Route("web:assistant-frame", "public", {"get": 200, "post": 302}, from_anywhere, ASKS),
    Route("web:assistant-frame-of", "public", {"get": 200, "post": 302}, named, ASKS),
    Route("web:speak", "public", BOTH, from_anywhere, {"way": "message"}, foreign=200),
    Route("web:speak-of", "public", BOTH, named, {"way": "call"}, foreign=200),
    Route("web:kiosk-question", "public", {"get": 200, "post": 302}, hall, ASKS),
    Route("web:kiosk-conversation", "public", {"get": 200, "post": 302}, at_kiosk, ASKS),
    Route("web:kiosk-question-end", "public", {"get": 302}, at_kiosk),
    Route("web:frame-css", "public", ours=lambda: {"colour": "aa3300"}, foreign=200),
    *(one for name in ("conversation", "conversation-frame") for one in steps(name)),
]
