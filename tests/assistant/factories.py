"""Conversations of Sainte-Orvanne."""

from datetime import UTC, datetime
from typing import Any

from parvis.assistant import actions
from parvis.assistant.actions import Started
from parvis.assistant.models import Conversation, Handover
from tests.organisations.factories import AuthorityFactory

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 at Sainte-Orvanne, a Tuesday


def started(*, now: datetime = NOON, **kwargs: Any) -> Started:
    """Somebody opens the page of the assistant."""
    authority = kwargs.pop("authority", None) or AuthorityFactory.create()
    return actions.start(authority, now=now, **kwargs)


def asked(text: str = "Combien coûte un passeport ?", *, now: datetime = NOON) -> Conversation:
    """Somebody asked one question, and nothing has answered yet."""
    conversation = started(now=now).conversation
    actions.say(conversation, author="person", kind="question", text=text, now=now)
    return conversation


def waiting(*, now: datetime = NOON, way: str = "chat") -> Handover:
    """Somebody asked for a person, who has not come yet."""
    return Handover.objects.create(conversation=asked(now=now), way=way, asked_at=now)
