"""Earlier slots: offered to one person after the other, without anybody losing their own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments import queries, rules
from parvis.appointments.actions import messages
from parvis.appointments.models import Agenda, Appointment, Message, Offer
from parvis.common.errors import Refused


def offer(agenda: Agenda, starts_at: datetime, *, now: datetime) -> Offer | None:
    """Offer a slot that became free to the first who waits for one like it; nobody: no offer.

    The slot is not kept meanwhile: whoever takes it first has it, and the message says so.
    """
    ends = rules.offer_ends(now, starts_at, agenda.offer_hours, agenda.notice_minutes)
    if ends is None:
        return None
    for waiting in queries.waiting_for_earlier(agenda, starts_at):
        row = queries.offering(agenda.pk, waiting.topic_id)
        if row is None or queries.place_for(row, starts_at, now=now, ignoring=waiting) is None:
            continue
        made = Offer.objects.create(
            appointment=waiting,
            agenda=agenda,
            starts_at=starts_at,
            offered_at=now,
            expires_at=ends,
        )
        messages.tell(waiting, Message.Kind.OFFER, now=now, offer=made)
        return made
    return None


@transaction.atomic
def decline(made: Offer, *, now: datetime) -> None:
    """The person keeps what they have: the next one is asked."""
    if Offer.objects.filter(pk=made.pk, state=Offer.State.OPEN).update(state=Offer.State.DECLINED):
        offer(made.agenda, made.starts_at, now=now)


@transaction.atomic
def pass_on_expired(*, now: datetime) -> int:
    """Offer to the next what the last one did not answer; returns how many offers expired."""
    expired = Offer.objects.filter(state=Offer.State.OPEN, expires_at__lte=now)
    count = 0
    for made in expired.select_related("agenda__site__authority").order_by("id"):
        if Offer.objects.filter(pk=made.pk, state=Offer.State.OPEN).update(
            state=Offer.State.EXPIRED
        ):
            count += 1
            offer(made.agenda, made.starts_at, now=now)
    return count


def close_all(appointment: Appointment, starts_at: datetime) -> None:
    """Offers that are of no use to an appointment that was moved or cancelled."""
    still_later = Offer.objects.filter(appointment=appointment, state=Offer.State.OPEN)
    still_later.filter(starts_at__gte=starts_at).update(state=Offer.State.DECLINED)


def claim(made: Offer, *, now: datetime) -> None:
    """Mark an offer as accepted if it still may be; the kind sentence when it may not."""
    is_open = made.state == Offer.State.OPEN and made.expires_at > now
    changed = is_open and Offer.objects.filter(pk=made.pk, state=Offer.State.OPEN).update(
        state=Offer.State.ACCEPTED
    )
    if not changed:
        raise Refused(
            _("This offer has ended. You keep the appointment that you have."), code="offer_over"
        )
