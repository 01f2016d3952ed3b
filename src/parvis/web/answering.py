"""Which exchange an answer is about: by the secret of a ticket, or by its code of today."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from parvis.common import clock, codes
from parvis.contacts.models import Contact
from parvis.feedback import rules
from parvis.organisations import queries as organisations
from parvis.organisations.models import Authority, Site
from parvis.queue.models import Ticket

ASKED_FOR = timedelta(days=30)  # after the visit


def contact_of_ticket(key: str, *, now: datetime) -> Contact | None:
    """The finished visit that a ticket's link stands for, for thirty days."""
    visits = Contact.objects.standing().filter(
        ticket__secret_hash=codes.hash_secret(key), ended_at__gt=now - ASKED_FOR
    )
    return visits.select_related("authority", "topic__service", "person", "ticket").first()


def contact_of_code(site: Site, typed: str, *, now: datetime) -> Contact | None:
    """The finished visit of today under a code, at one site."""
    code = rules.ticket_code(typed)
    if code is None:
        return None
    day = clock.local_day(now, ZoneInfo(site.timezone))
    visits = Contact.objects.standing().filter(
        ticket__site=site,
        ticket__day=day,
        ticket__series=code[0],
        ticket__number=code[1],
        ticket__state=Ticket.State.DONE,
    )
    return visits.select_related("authority").first()


def letters_of(site: Site) -> list[str]:
    """The letters that tickets of a site may begin with."""
    return sorted({topic.family.series for topic in organisations.topics_of(site)})


def type_key(code: str, touched: str) -> str:
    """The code after one more key of the keypad: a letter begins anew, a digit is added."""
    code = "".join(sign for sign in code.upper() if sign.isalnum() and sign.isascii())[:6]
    if touched == "erase":
        return code[:-1]
    if touched == "clear":
        return ""
    if touched.isascii() and touched.isalpha() and len(touched) <= 2:
        return touched.upper()
    if touched.isascii() and touched.isdigit() and len(touched) == 1:
        return code + touched if code and len(code) < 6 else code
    return code


def is_front_door(host: str) -> bool:
    """Is this the host name of some authority?"""
    return bool(host) and Authority.objects.filter(hostname__iexact=host).exists()
