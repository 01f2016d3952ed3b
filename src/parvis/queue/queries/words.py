"""The decisions of the hall in words, in the language of the reader and the time of the site."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from parvis.organisations.models import Site
from parvis.queue import rules
from parvis.queue.models import Priority, Ticket


def reason_sentence(ticket: Ticket, why: rules.Why) -> str:
    """Why this person is called and not another."""
    words = {
        "time": _clock(why.since, ticket.site),
        "booked": _clock(why.booked_at, ticket.site) if why.booked_at else "",
        "priority": priority_label(why.priority),
        "name": why.by,
        "reason": why.words,
    }
    return str(_SENTENCES[_case(why)]) % words


def _case(why: rules.Why) -> str:
    """Which sentence tells it: some reasons are told otherwise when more is known."""
    if why.because == "reserved" and why.booked_at:
        return "booked_with_you"
    if why.because == "direct" and not why.words:
        return "nobody_waited"
    return why.because if why.because in _SENTENCES else "arrival"


_SENTENCES = {
    "arrival": gettext_lazy("waiting since %(time)s"),
    "priority": gettext_lazy("waiting since %(time)s, priority: %(priority)s"),
    "appointment": gettext_lazy("appointment at %(booked)s"),
    "booked_with_you": gettext_lazy("appointment with you at %(booked)s"),
    "returned": gettext_lazy("back, was with you, arrived at %(time)s"),
    "returned_here": gettext_lazy("back, was at this desk, arrived at %(time)s"),
    "sent": gettext_lazy("sent to you by %(name)s, waiting since %(time)s"),
    "reserved": gettext_lazy("sent to this desk, waiting since %(time)s"),
    "same_visit": gettext_lazy("stays for the next topic of the visit, arrived at %(time)s"),
    "chosen": gettext_lazy("chosen: %(reason)s; waiting since %(time)s"),
    "direct": gettext_lazy("received at once: %(reason)s"),
    "nobody_waited": gettext_lazy("received at once, nobody was waiting"),
}


def priority_label(priority: str) -> str:
    """The category of a priority in words; nothing for none."""
    return str(Priority(priority).label) if priority else ""


def _clock(moment: datetime, site: Site) -> str:
    return date_format(moment.astimezone(ZoneInfo(site.timezone)), "TIME_FORMAT")
