"""A round as iCalendar (RFC 5545), for the calendar of who goes."""

from datetime import UTC, timedelta
from typing import Final

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from parvis.departments.models import Round

LASTS: Final = timedelta(hours=1)
_PRODUCT: Final = "-//Parvis//Tournees//FR"


def of_round(found: Round, address: str) -> bytes:
    """One event: instants in UTC, right in every zone."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"tournee-{found.pk}@parvis")
    event.add("dtstamp", (found.closed_at or found.planned_at).astimezone(UTC))
    event.add("dtstart", found.planned_at.astimezone(UTC))
    event.add("dtend", (found.planned_at + LASTS).astimezone(UTC))
    event.add("summary", _("Round: %s") % found.service.label)
    is_off = found.state in {Round.State.CANCELLED, Round.State.POSTPONED}
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if found.place:
        event.add("location", found.place)
    event.add("description", "\n".join(topic.words for topic in found.topics.all()))
    event.add("url", address)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
