"""An earlier time became free and is held for somebody who waits for one, for all to see."""

from datetime import datetime, timedelta
from typing import Final

from parvis.appointments import queries
from parvis.appointments.actions import offers
from parvis.appointments.models import Agenda, Message, Offer

_ASKED: Final = timedelta(minutes=25)  # ago
_FIRST: Final = timedelta(hours=3)  # from now: time enough to answer
_TRIED: Final = 12  # free times that are tried


def one_held(agenda: Agenda, *, now: datetime) -> Offer | None:
    """Hold a free time for the first whom it suits; if nobody waits, none."""
    if Offer.objects.filter(agenda=agenda, state=Offer.State.OPEN).exists():
        return None
    days = queries.free_days(queries.offerings_of_agenda(agenda), now=now, count=2)
    times = [slot.starts_at for day in days for slot in day.slots if slot.starts_at > now + _FIRST]
    for starts_at in times[:_TRIED]:
        made = offers.offer(agenda, starts_at, now=now - _ASKED)
        if made is not None:
            Message.objects.filter(offer=made).update(sent_at=now - _ASKED)
            return made
    return None
