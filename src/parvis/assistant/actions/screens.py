"""A conversation on the screen of a kiosk: begun there, gone on with elsewhere, forgotten there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from parvis.assistant.actions.asking import begin_within
from parvis.assistant.models import Conversation
from parvis.assistant.queries import screens
from parvis.common import codes
from parvis.organisations.models import Site, Topic

T = TypeVar("T")


@dataclass(frozen=True)
class OnScreen:
    """The conversation, and the key of its page at the kiosk; the telephone has another."""

    conversation: Conversation
    key: str


def begin_at_kiosk(
    site: Site,
    text: str,
    *,
    within: Callable[[Callable[[], OnScreen]], T],
    now: datetime,
    language: str,
    topic: Topic | None = None,
) -> T:
    """Begin with the first question; ``within`` says in what it is kept, as for a page."""
    key = codes.new_secret()
    return begin_within(
        site.authority,
        text,
        within=lambda keep: within(lambda: OnScreen(keep().conversation, key)),
        now=now,
        place=Conversation.Place.KIOSK,
        language=language,
        topic=topic,
        site=site,
        secret=screens.secret_of(key),
    )


@transaction.atomic
def leave_screen(conversation: Conversation, *, now: datetime) -> None:
    """Forget it on the screen; on the telephone of whoever took it along it goes on."""
    rows = Conversation.objects.filter(pk=conversation.pk, left_screen_at=None)
    rows.update(left_screen_at=now)
