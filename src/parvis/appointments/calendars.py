"""Appointments as iCalendar (RFC 5545): invitations, cancellations, and the feed of an agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Final

from icalendar import Calendar, Event, vCalAddress, vText

from parvis.appointments import rules

REQUEST: Final = "REQUEST"
CANCEL: Final = "CANCEL"
PUBLISH: Final = "PUBLISH"
_PRODUCT: Final = "-//Parvis//Rendez-vous//FR"


@dataclass(frozen=True)
class Entry:
    """One appointment as a calendar shows it; instants go out in UTC, right in every zone."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    stamped_at: datetime
    place: str = ""
    text: str = ""
    url: str = ""
    is_cancelled: bool = False
    organiser: str = ""  # the address that an answer goes to
    organiser_name: str = ""
    guest: str = ""
    guest_name: str = ""


def uid_of(appointment_uid: object) -> str:
    """The name of an appointment in every calendar, the same for its whole life."""
    return f"{appointment_uid}@parvis"


def written(entries: Iterable[Entry], *, method: str, name: str = "") -> str:
    """The calendar as text: CRLF line ends, no line longer than 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, method))
    text: str = calendar.to_ical().decode()
    return text


def method_for(state: str, *, has_guest: bool) -> str:
    """Cancelled ones are called off; an invitation needs somebody invited (RFC 5546, 3.2)."""
    if not has_guest:
        return PUBLISH
    return CANCEL if state == rules.CANCELLED else REQUEST


def _event(entry: Entry, method: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.summary)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    for field, value in (("location", entry.place), ("description", entry.text)):
        if value:
            event.add(field, value)
    if entry.url:
        event.add("url", entry.url)
    if entry.organiser:
        event.add("organizer", _address(entry.organiser, entry.organiser_name))
    if entry.guest and method != PUBLISH:
        guest = _address(entry.guest, entry.guest_name)
        guest.params["PARTSTAT"] = vText("ACCEPTED")
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        event.add("attendee", guest)
    return event


def _address(given: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{parseaddr(given)[1]}")
    if name:
        address.params["CN"] = vText(name)
    return address
