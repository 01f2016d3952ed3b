"""A conversation with an answer, numbers, hours and the closest sheets, and its pages."""

from datetime import datetime
from typing import Any

from parvis.assistant import actions
from parvis.assistant.models import Conversation
from parvis.organisations.models import Authority

QUESTIONS = (
    "Combien coûte un passeport ? Mon téléphone : 06 12 34 56 78",
    "à quelle heure ouvrez-vous ?",
    "mon mari me frappe",
    "quels papiers pour inscrire ma fille à l’école ?",
)


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Page -> arguments."""
    started = actions.start(town, now=now)
    for question in QUESTIONS:
        actions.ask(started.conversation, question, now=now)
    page = {"secret": started.secret}
    last = Conversation.objects.filter(authority=town, verdict="").latest("pk")
    return {
        "web:assistant-of": {"slug": town.slug},
        "web:assistant-frame-of": {"slug": town.slug},
        "web:conversation": page,
        "web:conversation-frame": page,
        "web:conversation-person": page,
        "assistant:review-one": {"pk": last.pk},
    }
