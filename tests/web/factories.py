"""A visit that has just ended, with the ticket in the visitor's hand."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from parvis.contacts.models import Contact
from tests.contacts.factories import ContactFactory
from tests.queue.factories import TicketFactory

SECRET = "the-secret-of-a-ticket"


def visited(*, now: datetime | None = None, number: int = 42, **kwargs: Any) -> Contact:
    """A finished visit under E 42, its page opened by ``SECRET``."""
    now = now or timezone.now()
    contact = ContactFactory.create(
        started_at=now - timedelta(minutes=6), ended_at=now, recorded_at=now, **kwargs
    )
    TicketFactory.create(
        site=contact.site,
        topic=contact.topic,
        day=timezone.localdate(now),
        series="E",
        number=number,
        state="done",
        ended_at=now,
        contact=contact,
        secret=SECRET,
    )
    return contact
