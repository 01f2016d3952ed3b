"""The secrets of the room: derived when a link is written, and kept only as hashes."""

import base64

from django.urls import reverse
from django.utils.crypto import salted_hmac

from parvis.appointments.models import Appointment
from parvis.common import codes

_BYTES = 24


def secret_of(appointment: Appointment) -> str:
    """The key of an appointment's page, as it stands in mails: always the same, stored nowhere.

    A reminder must carry the link that the confirmation carried, and an outbox is no place for
    secrets: so the key is derived from the installation's own when the mail is written.
    """
    digest = salted_hmac("parvis.appointments", appointment.uid.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:_BYTES]).decode()


def page_path(appointment: Appointment) -> str:
    """The path of the appointment's own page; empty when the installation's key has changed."""
    secret = secret_of(appointment)
    if codes.hash_secret(secret) != appointment.secret_hash:
        return ""
    return reverse("web:appointment", args=[secret])
