"""Everything that changes agendas and appointments."""

from parvis.appointments.actions.agendas import (
    NewFeed,
    block,
    booked_within,
    end_feed,
    keep_agenda,
    make_feed,
    unblock,
)
from parvis.appointments.actions.arriving import (
    Arrival,
    arrive,
    finish,
    hall_times,
    miss,
    settle,
    start,
    take_back_arrival,
    ticket_finished,
    ticket_left,
)
from parvis.appointments.actions.booking import (
    Booked,
    Guest,
    book,
    cancel,
    move,
    send_again,
    wait_for_earlier,
)
from parvis.appointments.actions.earlier import accept
from parvis.appointments.actions.offers import decline, pass_on_expired
from parvis.appointments.actions.retention import forget_past
from parvis.appointments.actions.seats import SlotTaken

__all__ = [
    "Arrival",
    "Booked",
    "Guest",
    "NewFeed",
    "SlotTaken",
    "accept",
    "arrive",
    "block",
    "book",
    "booked_within",
    "cancel",
    "decline",
    "end_feed",
    "finish",
    "forget_past",
    "hall_times",
    "keep_agenda",
    "make_feed",
    "miss",
    "move",
    "pass_on_expired",
    "send_again",
    "settle",
    "start",
    "take_back_arrival",
    "ticket_finished",
    "ticket_left",
    "unblock",
    "wait_for_earlier",
]
