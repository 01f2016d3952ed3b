"""Conversations in the states in which their pages may be read."""

from datetime import datetime
from typing import Any

from parvis.assistant import actions
from parvis.assistant.models import Handover, Setup
from parvis.organisations.models import Authority


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Page -> arguments: one conversation with the assistant, and the one that waits."""
    setup, _is_new = Setup.objects.get_or_create(authority=town)
    Setup.objects.filter(pk=setup.pk).update(origins=["https://ville.example"])
    begun = actions.begin(town, "Combien coûte un passeport ?", now=now)
    secret = {"secret": begun.secret}
    waits = Handover.objects.filter(conversation__authority=town, state="waiting").latest("pk")
    return {
        "web:conversation": secret,
        "web:conversation-frame": secret,
        "web:conversation-person": secret,
        "web:conversation-message": secret,
        "web:conversation-call": secret,
        "assistant:conversation": {"pk": waits.conversation_id},
        "assistant:review-one": {"pk": begun.conversation.pk},
    }
