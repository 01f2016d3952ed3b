"""Accepting an earlier slot: a move to what was held."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments import queries
from parvis.appointments.actions import offers, seats
from parvis.appointments.actions.booking import move
from parvis.appointments.actions.seats import SlotTaken
from parvis.appointments.models import Appointment, Offer
from parvis.common.errors import Refused


@transaction.atomic
def accept(made: Offer, *, now: datetime) -> Appointment:
    """Take the earlier slot instead of the later one; the later one is offered on."""
    seats.hold(made.agenda_id, made.appointment.agenda_id)
    offers.claim(made, now=now)
    row = queries.offering(made.agenda_id, made.appointment.topic_id)
    try:
        return move(made.appointment, starts_at=made.starts_at, now=now, row=row)
    except SlotTaken as taken:
        # The hours were blocked meanwhile, or the topic takes longer now. The claim is rolled
        # back with the rest: the offer simply runs out.
        raise Refused(
            _("This time is not free any more. You keep the appointment that you have."),
            code="slot_taken",
        ) from taken
