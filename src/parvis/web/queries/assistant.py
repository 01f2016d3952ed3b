"""The ways to a person beside a conversation: who answers now, and who will when."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from parvis.accounts.models import Agent
from parvis.appointments.queries import offerings
from parvis.assistant import queries as assistant
from parvis.assistant.queries import handing
from parvis.assistant.queries.opening import opening_words
from parvis.organisations.models import Authority
from parvis.web import rules
from parvis.web.queries.places import PlaceNow, places_now

ZONE = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Ways:
    """How to speak to somebody of this authority at this moment."""

    phone: str
    phone_href: str
    phone_is_open: bool | None  # None: nobody declared hours of the telephone
    phone_words: str
    email: str
    places: list[PlaceNow]
    may_book: bool

    @property
    def open_place(self) -> PlaceNow | None:
        """Where somebody receives people now."""
        return next((place for place in self.places if place.state.open), None)


def ways_to_person(authority: Authority, now: datetime) -> Ways:
    """Telephone, desks, appointments and e-mail, each with when it answers."""
    state = assistant.phone_state(authority, now) if authority.phone else None
    return Ways(
        phone=authority.phone,
        phone_href=rules.telephone_address(authority.phone),
        phone_is_open=state.open if state else None,
        phone_words=opening_words(state, ZONE, now) if state else "",
        email=authority.email,
        places=places_now(authority, now),
        may_book=offerings(authority).exists(),
    )


def waiting_online(agent: Agent) -> int:
    """How many wait for a live conversation that this agent may take."""
    return handing.waiting_for(agent).count() if agent.may("assistant.talk") else 0
