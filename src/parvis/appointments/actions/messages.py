"""What is to be told: rows written with the change, sent by jobs until they are taken."""

from datetime import datetime

from parvis.appointments import rules
from parvis.appointments.models import Appointment, Message, Offer
from parvis.appointments.posting import deliver_message

EMAIL, SMS = Message.Channel.EMAIL, Message.Channel.SMS


def tell(appointment: Appointment, kind: str, *, now: datetime, offer: Offer | None = None) -> None:
    """Have the person told by what they left: e-mail, else a text message; nothing if neither."""
    if appointment.email:
        channel = EMAIL
    elif rules.takes_texts(appointment.phone):
        channel = SMS
    else:
        return
    _keep(appointment, kind, channel, due_at=now, offer=offer)


def confirm_again(appointment: Appointment, *, now: datetime) -> None:
    """Send the confirmation with its link once more, where it went the first time."""
    channel = EMAIL if appointment.email else SMS
    about = f"again-{now:%m%d%H%M%S}"
    _keep(appointment, Message.Kind.CONFIRMED, channel, due_at=now, about=about)


def tell_colleague(appointment: Appointment, *, now: datetime) -> None:
    """Tell a colleague of the back office by mail that their visitor is here."""
    agent = appointment.agenda.agent
    if agent is not None and agent.email:
        _keep(appointment, Message.Kind.ARRIVED, EMAIL, due_at=now)


def plan_reminders(appointment: Appointment, *, told_at: datetime) -> None:
    """The day before by e-mail, two hours before by text message: each if it says something new."""
    wanted = [
        (EMAIL, bool(appointment.email), rules.REMINDER_BEFORE),
        (SMS, rules.takes_texts(appointment.phone), rules.TEXT_BEFORE),
    ]
    for channel, reaches, before in wanted:
        if reaches and rules.reminder_is_useful(told_at, appointment.starts_at, before):
            due = appointment.starts_at - before
            _keep(appointment, Message.Kind.REMINDER, channel, due_at=due)


def drop_waiting(appointment: Appointment, *, now: datetime) -> None:
    """What has not been sent yet about the time that was is of no use any more."""
    waiting = Message.objects.filter(appointment=appointment, sent_at=None, dropped_at=None)
    waiting.update(dropped_at=now)


def _keep(
    appointment: Appointment,
    kind: str,
    channel: str,
    *,
    due_at: datetime,
    offer: Offer | None = None,
    about: str = "",
) -> None:
    about = about or str(offer.pk if offer else appointment.sequence)
    message, made = Message.objects.get_or_create(
        appointment=appointment,
        key=f"{kind}:{channel}:{about}",
        defaults={"kind": kind, "channel": channel, "due_at": due_at, "offer": offer},
    )
    if made and kind != Message.Kind.REMINDER:
        deliver_message.enqueue(message.pk)
