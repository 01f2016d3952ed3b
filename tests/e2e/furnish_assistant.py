"""Conversations in the states in which their pages may be read."""

from datetime import datetime
from typing import Any

from parvis.assistant import actions
from parvis.assistant.actions import screens
from parvis.assistant.models import Handover, LanguageModel, Rewording, Setup
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
    hall = town.sites.get(slug="mairie")
    touched = screens.begin_at_kiosk(
        hall, "passeport", within=lambda keep: keep(), now=now, language="fr"
    )
    kiosk = {"site": hall.slug}
    waits = Handover.objects.filter(conversation__authority=town, state="waiting").latest("pk")
    _model(town, now=now)
    return {
        "web:assistant-of": slug,
        "web:assistant-frame-of": slug,
        "web:conversation": secret,
        "web:conversation-person": secret,
        "web:conversation-message": secret,
        "web:conversation-call": secret,
        "web:conversation-frame": secret,
        "web:conversation-frame-person": secret,
        "web:conversation-frame-message": secret,
        "web:conversation-frame-call": secret,
        "web:kiosk-question": kiosk,
        "web:kiosk-conversation": {**kiosk, "secret": touched.key},
        "web:speak-of": slug,
        "assistant:conversation": {"pk": waits.conversation_id},
        "assistant:review-one": {"pk": begun.conversation.pk},
    }


def _model(town: Authority, *, now: datetime) -> None:
    """A model that was in use and is off: its page has figures, and nothing is asked."""
    LanguageModel.objects.get_or_create(
        authority=town, endpoint="https://modele.example/v1", name="petit"
    )
    Rewording.objects.create(
        authority=town,
        key="0" * 64,
        at=now,
        outcome="nothing",
        host="modele.example",
        model="petit",
        milliseconds=900,
        dropped=[{"text": "Appelez le 17.", "why": "number", "words": "17"}],
    )
