"""What happens around appointments: one is here, and a freed time is held for somebody."""

from datetime import datetime, timedelta
from typing import Final

from parvis.appointments import actions, queries, rules
from parvis.appointments.actions import seats
from parvis.appointments.models import Agenda, Appointment, Message, Offer
from parvis.demo.stories import seal

_ASKED: Final = timedelta(minutes=25)  # ago
_FIRST: Final = timedelta(hours=3)  # from now: time enough to answer
_TRIED: Final = 12  # free times that are tried
_SOON, _CAME = timedelta(minutes=50), timedelta(minutes=3)


def one_held(agenda: Agenda, *, now: datetime) -> Offer | None:
    """Hold a free time for the first whom it suits; if nobody waits, none."""
    if Offer.objects.filter(agenda=agenda, state=Offer.State.OPEN).exists():
        return None
    days = queries.free_days(queries.offerings_of_agenda(agenda), now=now, count=2)
    times = [slot.starts_at for day in days for slot in day.slots if slot.starts_at > now + _FIRST]
    for starts_at in times[:_TRIED]:
        for waiting in queries.waiting_for_earlier(agenda, starts_at):
            made = _hold(agenda, waiting, starts_at, asked=now - _ASKED)
            if made is not None:
                return made
    return None


def _hold(
    agenda: Agenda, waiting: Appointment, starts_at: datetime, *, asked: datetime
) -> Offer | None:
    """The rows of an offer, its mail as sent: the demo writes to nobody."""
    row = queries.offering(agenda.pk, waiting.topic_id)
    ends = rules.offer_ends(asked, starts_at, agenda.offer_hours, agenda.notice_minutes)
    place = row and queries.place_for(row, starts_at, now=asked, ignoring=waiting)
    if row is None or ends is None or not place:
        return None
    made = Offer.objects.create(
        appointment=waiting, agenda=agenda, starts_at=starts_at, offered_at=asked, expires_at=ends
    )
    seats.keep(made, row, place)
    channel = Message.Channel.EMAIL if waiting.email else Message.Channel.SMS
    Message.objects.create(
        appointment=waiting,
        kind=Message.Kind.OFFER,
        channel=channel,
        key=f"offer:{channel}:{made.pk}",
        offer=made,
        due_at=asked,
        sent_at=asked,
    )
    return made


def one_here(agenda: Agenda, *, seed: int, now: datetime) -> None:
    """Who is expected next has checked in and waits in the hall, at the place of their hour."""
    soon = Appointment.objects.filter(
        agenda=agenda, state=rules.BOOKED, starts_at__gte=now, starts_at__lt=now + _SOON
    )
    expected = soon.order_by("starts_at", "pk").first()
    if agenda.is_in_hall and expected is not None:
        issued = actions.arrive(expected, now=now - _CAME).issued
        if issued is not None:
            seal(issued.ticket.pk, seed, issued.ticket.day, issued.ticket.code)
