"""Agendas and their hours, appointments and their seats, by noun."""

from parvis.appointments.models.agendas import (
    Agenda,
    AgendaTopic,
    Block,
    CalendarFeed,
    Rota,
    SpecialDay,
)
from parvis.appointments.models.bookings import Appointment, Made, Message, Offer, Seat

__all__ = [
    "Agenda",
    "AgendaTopic",
    "Appointment",
    "Block",
    "CalendarFeed",
    "Made",
    "Message",
    "Offer",
    "Rota",
    "Seat",
    "SpecialDay",
]
