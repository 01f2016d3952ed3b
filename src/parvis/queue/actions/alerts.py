"""“Tell me when it is nearly my turn”: an address kept for this once, and forgotten."""

from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.common import sms
from parvis.common.errors import Refused
from parvis.organisations.models import Site
from parvis.queue import queries, rules
from parvis.queue.actions.moves import locked
from parvis.queue.models import Alert, Ticket

OF_USE: Final = timedelta(minutes=20)  # later, the person has been called or is gone
MAY_ASK: Final = (rules.WAITING, rules.HELD)


@transaction.atomic
def ask_alert(
    ticket: Ticket, *, channel: str, address: str, now: datetime, ahead: int = 2
) -> Alert:
    """Have somebody told, once, when so few are before them; a new address replaces the old."""
    ticket = locked(ticket)
    if ticket.state not in MAY_ASK:
        raise Refused(_("This ticket is not in line any more."), code="wrong_state")
    address = _clean(channel, address)
    if Alert.objects.filter(ticket=ticket, channel=channel, told_at__isnull=False).exists():
        raise Refused(_("You were told already: please stay close to the desks."), code="told")
    place = queries.position(ticket, now)
    if ticket.state == rules.WAITING and place.ahead <= ahead:
        raise Refused(_near(place.ahead), code="near")
    alert, _made = Alert.objects.update_or_create(
        ticket=ticket, channel=channel, defaults={"address": address, "ahead": ahead, "at": now}
    )
    return alert


@transaction.atomic
def drop_alert(ticket: Ticket, *, channel: str) -> None:
    """Not wished any more: the address goes at once."""
    Alert.objects.filter(ticket=ticket, channel=channel, told_at=None).delete()


@transaction.atomic
def speak_to(ticket: Ticket, language: str) -> Ticket:
    """The language in which somebody reads their page and wants to be told."""
    ticket = locked(ticket)
    if ticket.language != language:
        ticket.language = language[:5]
        ticket.save(update_fields=["language"])
    return ticket


def _clean(channel: str, address: str) -> str:
    address = address.replace("\0", "").strip()
    if channel == Alert.Channel.SMS:
        return sms.clean_number(address)
    if channel != Alert.Channel.EMAIL:
        raise Refused(_("This way of telling you is not on the list."), code="invalid")
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(
            _("This is not an e-mail address. Example: prenom.nom@exemple.fr."), code="bad_email"
        ) from None
    if len(address) > 254:
        raise Refused(_("This e-mail address is too long."), code="bad_email")
    return address


@transaction.atomic
def tell_those_near(site: Site, *, now: datetime) -> list[Alert]:
    """Tell those who asked and whose turn is near; whatever happens later, nobody twice.

    E-mails are only claimed here: gives back the alerts that a job has still to mail.
    """
    hall = None
    mails = []
    for alert in queries.open_alerts(site, now):
        hall = hall or queries.load_hall(site, now)
        place = queries.place_in(hall, alert.ticket_id)
        if place is None or place > alert.ahead:
            continue
        if not Alert.objects.filter(pk=alert.pk, told_at=None).update(told_at=now):
            continue  # another worker tells them
        if alert.channel == Alert.Channel.SMS:
            _text(alert, place, now)
        else:
            mails.append(alert)
    return mails


def _text(alert: Alert, place: int, now: datetime) -> None:
    site = alert.ticket.site
    sms.send(
        alert.address,
        _words(alert.ticket, place),
        authority_id=site.authority_id,
        purpose="queue.near",
        now=now,
        not_after=now + OF_USE,
    )
    Alert.objects.filter(pk=alert.pk).update(address="")  # the outbox has it, until it is sent


def mail_alert(pk: int, *, now: datetime) -> bool:
    """Mail one alert; gives back whether it should be tried again. The address goes first.

    So a worker that dies in the middle has told nobody twice.
    """
    alert = queries.alert_to_mail(pk)
    if alert is None or alert.told_at is None or now - alert.told_at > OF_USE:
        Alert.objects.filter(pk=pk).exclude(told_at=None).update(address="")
        return False
    mine = Alert.objects.filter(pk=pk, address=alert.address)
    if not mine.update(address=""):
        return False
    text = _words(alert.ticket, queries.position(alert.ticket, now).ahead)
    mail = EmailMessage(
        text, text, to=[alert.address], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        mail.send()
    except (SMTPException, OSError):
        Alert.objects.filter(pk=pk).update(address=alert.address)
        return True
    return False


@transaction.atomic
def forget_addresses(*, now: datetime) -> int:
    """Forget the addresses that nobody needs: called meanwhile, gone, or of another day."""
    return queries.alerts_of_no_use(now).delete()[0]


def _words(ticket: Ticket, place: int) -> str:
    with translation.override(ticket.language or settings.LANGUAGE_CODE):
        words = {"site": ticket.site.label, "code": ticket.code.replace("\u00a0", " ")}
        return _("%(site)s, ticket %(code)s.") % words + " " + _near(place)


def _near(place: int) -> str:
    if not place:
        return _("You are the next: please come to the desks.")
    sentence = ngettext(
        "It is nearly your turn: %(n)s person is before you. Please come to the desks.",
        "It is nearly your turn: %(n)s people are before you. Please come to the desks.",
        place,
    )
    return sentence % {"n": place}
