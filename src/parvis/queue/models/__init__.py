"""The tables of the hall, by noun."""

from parvis.queue.models.devices import Alert, Poster, Printer, PrintJob, Screen
from parvis.queue.models.halls import (
    DayNote,
    DeskSession,
    HallMessage,
    HallMessageSeen,
    HallNotice,
    HallRules,
    HallVersion,
)
from parvis.queue.models.reasons import LateReason
from parvis.queue.models.tickets import Leg, Priority, Source, Ticket, TicketCounter, TicketEvent

__all__ = [
    "Alert",
    "DayNote",
    "DeskSession",
    "HallMessage",
    "HallMessageSeen",
    "HallNotice",
    "HallRules",
    "HallVersion",
    "LateReason",
    "Leg",
    "Poster",
    "PrintJob",
    "Printer",
    "Priority",
    "Screen",
    "Source",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
]
