"""A conversation begins, and somebody says something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from parvis.accounts.models import Agent
from parvis.assistant.models import Conversation, Turn
from parvis.common import codes
from parvis.organisations.models import Authority, Site, Topic


@dataclass(frozen=True)
class Started:
    """The conversation, and the secret of its page, shown once."""

    conversation: Conversation
    secret: str
    turns: tuple[Turn, ...] = ()  # what was said when it began with a question


def new(
    authority: Authority,
    *,
    now: datetime,
    place: str = Conversation.Place.PAGE,
    language: str = "fr",
    topic: Topic | None = None,
    site: Site | None = None,
    secret: str = "",
) -> Started:
    """A conversation with its secret, which is written nowhere yet."""
    secret = secret or codes.new_secret()
    conversation = Conversation(
        authority=authority,
        site=site,
        topic=topic,
        secret_hash=codes.hash_secret(secret),
        place=place,
        language=language,
        started_at=now,
        last_at=now,
    )
    return Started(conversation, secret)


@transaction.atomic
def start(authority: Authority, *, now: datetime, **kwargs: Any) -> Started:
    """Begin a conversation; nothing has been said yet."""
    started = new(authority, now=now, **kwargs)
    started.conversation.save(force_insert=True)
    return started


@transaction.atomic
def say(
    conversation: Conversation,
    *,
    author: str,
    kind: str,
    now: datetime,
    text: str = "",
    agent: Agent | None = None,
    data: Mapping[str, Any] | None = None,
) -> Turn:
    """Add one turn at the end, whoever speaks; two at once get two numbers."""
    # A clock that jumps back changes nothing of the order.
    later = Greatest(F("last_at"), now)
    Conversation.objects.filter(pk=conversation.pk).update(turns=F("turns") + 1, last_at=later)
    conversation.refresh_from_db(fields=["turns", "last_at"])
    return Turn.objects.create(
        conversation=conversation,
        number=conversation.turns,
        author=author,
        agent=agent,
        at=now,
        kind=kind,
        text=text,
        data=dict(data or {}),
    )
