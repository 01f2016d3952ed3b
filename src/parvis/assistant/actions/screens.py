"""A conversation on the screen of a kiosk: begun there, gone on with elsewhere, forgotten there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parvis.assistant.actions.asking import ask
from parvis.assistant.actions.turns import start
from parvis.assistant.models import Conversation
from parvis.assistant.queries import screens
from parvis.common import codes
from parvis.organisations.models import Site, Topic


@dataclass(frozen=True)
class OnScreen:
    """The conversation, and the key of its page at the kiosk; the telephone has another."""

    conversation: Conversation
    key: str


@transaction.atomic
def begin_at_kiosk(
    site: Site, text: str, *, now: datetime, language: str, topic: Topic | None = None
) -> OnScreen:
    """Begin with the first question; without one nothing begins."""
    key = codes.new_secret()
    started = start(
        site.authority,
        now=now,
        place=Conversation.Place.KIOSK,
        language=language,
        topic=topic,
        site=site,
        secret=screens.secret_of(key),
    )
    ask(started.conversation, text, now=now)
    return OnScreen(started.conversation, key)


@transaction.atomic
def leave_screen(conversation: Conversation, *, now: datetime) -> None:
    """Forget it on the screen; on the telephone of whoever took it along it goes on."""
    rows = Conversation.objects.filter(pk=conversation.pk, left_screen_at=None)
    rows.update(left_screen_at=now)
