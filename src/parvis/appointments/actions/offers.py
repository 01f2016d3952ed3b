"""Earlier slots: held for one person after the other, without anybody losing their own."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments import queries, rules
from parvis.appointments.actions import messages, seats
from parvis.appointments.models import Agenda, Appointment, Message, Offer, Seat
from parvis.common.errors import Refused


def offer(
    agenda: Agenda, starts_at: datetime, *, now: datetime, but: Appointment | None = None
) -> Offer | None:
    """Offer a slot that became free to the first who waits for one like it; nobody: no offer.

    It is held for that person until they answer or the declared time is over. The caller holds
    the agenda (``seats.hold``); the constraint on seats is the guard all the same. ``but``: who
    has just left this time for another one is not asked.
    """
    ends = rules.offer_ends(now, starts_at, agenda.offer_hours, agenda.notice_minutes)
    if ends is None:
        return None
    for waiting in queries.waiting_for_earlier(agenda, starts_at):
        row = queries.offering(agenda.pk, waiting.topic_id)
        if row is None or waiting == but:
            continue
        place = queries.place_for(row, starts_at, now=now, ignoring=waiting)
        if place is None:
            continue
        made = Offer.objects.create(
            appointment=waiting,
            agenda=agenda,
            starts_at=starts_at,
            offered_at=now,
            expires_at=ends,
        )
        seats.keep(made, row, place)
        messages.tell(waiting, Message.Kind.OFFER, now=now, offer=made)
        return made
    return None


def pass_on(freed: Iterable[tuple[Agenda, datetime]], *, now: datetime, but: Appointment) -> None:
    """Offer slots that somebody gave up, each to the next who waits."""
    for agenda, starts_at in freed:
        offer(agenda, starts_at, now=now, but=but)


@transaction.atomic
def decline(made: Offer, *, now: datetime) -> None:
    """The person keeps what they have: the next one is asked."""
    seats.hold(made.agenda_id)
    if _end(made, Offer.State.DECLINED):
        offer(made.agenda, made.starts_at, now=now)


@transaction.atomic
def pass_on_expired(*, now: datetime) -> int:
    """Offer to the next what the last one did not answer; returns how many offers expired."""
    expired = Offer.objects.filter(state=Offer.State.OPEN, expires_at__lte=now)
    seats.hold(*expired.values_list("agenda_id", flat=True))
    count = 0
    for made in expired.select_related("agenda__site__authority").order_by("id"):
        if _end(made, Offer.State.EXPIRED):
            count += 1
            offer(made.agenda, made.starts_at, now=now)
    return count


def close_all(appointment: Appointment) -> list[tuple[Agenda, datetime]]:
    """End what is offered to somebody who moved, cancelled or waits no more; what is free again."""
    still_open = Offer.objects.filter(appointment=appointment, state=Offer.State.OPEN)
    return [
        (made.agenda, made.starts_at)
        for made in still_open.select_related("agenda__site__authority").order_by("id")
        if _end(made, Offer.State.DECLINED)
    ]


def claim(made: Offer, *, now: datetime) -> None:
    """Mark an offer as accepted if it still may be; the kind sentence when it may not."""
    if made.expires_at <= now or not _end(made, Offer.State.ACCEPTED):
        raise Refused(
            _("This offer has ended. You keep the appointment that you have."), code="offer_over"
        )


def _end(made: Offer, state: Offer.State) -> bool:
    """End an open offer and let go of what was held for it; False when it was ended before."""
    ended = Offer.objects.filter(pk=made.pk, state=Offer.State.OPEN).update(state=state)
    if ended:
        Seat.objects.filter(offer=made).delete()
    return bool(ended)
