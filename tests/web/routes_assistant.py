"""The assistant on its page and in a frame."""

from typing import Any

from parvis.assistant.models import Setup
from tests.assistant.factories import started
from tests.organisations.factories import AuthorityFactory
from tests.support.routes import Route


def a_conversation() -> dict[str, Any]:
    from_anywhere()
    return {"secret": started().secret}


def from_anywhere() -> dict[str, Any]:
    Setup.objects.get_or_create(
        authority=AuthorityFactory.create(), defaults={"origins": ["https://ville.example"]}
    )
    return {}


def named() -> dict[str, Any]:
    from_anywhere()
    return {"slug": "orvanne"}


ASKS = {"question": "Combien coûte un passeport ?"}

ROUTES = [
    Route("web:assistant", "public", {"get": 200, "post": 302}, from_anywhere, ASKS, foreign=200),
    Route("web:assistant-of", "public", {"get": 200, "post": 302}, named, ASKS, foreign=200),
    Route("web:assistant-frame", "public", {"get": 200, "post": 302}, from_anywhere, ASKS),
    Route("web:assistant-frame-of", "public", {"get": 200, "post": 302}, named, ASKS),
    Route("web:conversation", "public", {"get": 200, "post": 302}, a_conversation, ASKS),
    Route("web:conversation-frame", "public", {"get": 200, "post": 302}, a_conversation, ASKS),
    Route("web:conversation-person", "public", ours=a_conversation),
    Route("web:conversation-ask", "public", {"post": 422}, a_conversation),
    Route("web:conversation-write", "public", {"post": 422}, a_conversation, {"text": "Bonjour"}),
    Route("web:conversation-sign", "public", {"post": 204}, a_conversation),
    Route("web:conversation-leave", "public", {"post": 302}, a_conversation),
    Route("web:conversation-message", "public", {"get": 200, "post": 422}, a_conversation),
    Route("web:conversation-call", "public", {"get": 200, "post": 422}, a_conversation),
    Route("web:conversation-request", "public", {"post": 422}, a_conversation),
]
