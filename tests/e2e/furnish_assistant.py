"""Conversations in the states in which their pages may be read."""

from datetime import datetime
from typing import Any

from parvis.assistant import actions
from parvis.assistant.models import Handover, Setup
from parvis.organisations.models import Authority

QUESTIONS = (
    "à quelle heure ouvrez-vous ?",
    "mon mari me frappe",
    "quels papiers pour inscrire ma fille à l’école ?",
)


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Page -> arguments: one conversation with the assistant, and the one that waits."""
    setup, _is_new = Setup.objects.get_or_create(authority=town)
    Setup.objects.filter(pk=setup.pk).update(origins=["https://ville.example"])
    first = "Combien coûte un passeport ? Mon téléphone : 06 12 34 56 78"
    begun = actions.begin(town, first, now=now)
    for question in QUESTIONS:
        actions.ask(begun.conversation, question, now=now)
    secret, slug = {"secret": begun.secret}, {"slug": town.slug}
    waits = Handover.objects.filter(conversation__authority=town, state="waiting").latest("pk")
    waits = Handover.objects.filter(conversation__authority=town, state="waiting").latest("pk")
    return {
        "web:assistant-of": slug,
        "web:assistant-frame-of": slug,
        "web:conversation": secret,
        "web:conversation-frame": secret,
        "web:conversation-person": secret,
        "web:conversation-message": secret,
        "web:conversation-call": secret,
        "assistant:conversation": {"pk": waits.conversation_id},
        "assistant:review-one": {"pk": begun.conversation.pk},
    }
