"""Conversations on the screen of a kiosk, and the secret with which a telephone goes on."""

import base64
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from parvis.assistant.models import Conversation
from parvis.assistant.queries.conversations import by_secret
from parvis.organisations.models import Site

PATIENCE = timedelta(minutes=15)  # without a question: whoever asked has left the hall


def secret_of(key: str) -> str:
    """The secret of the conversation whose page at the kiosk has this key; never the way back."""
    made = salted_hmac("parvis.assistant.screen", key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def on_screen(site: Site, key: str, *, now: datetime) -> Conversation | None:
    """The conversation that is open on a screen of this hall; none once it was left."""
    found = by_secret(secret_of(key))
    if found is None or found.place != Conversation.Place.KIOSK or found.site_id != site.pk:
        return None
    is_left = found.left_screen_at is not None or now - found.last_at > PATIENCE
    return None if is_left else found
