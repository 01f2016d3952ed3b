"""The decisions of the hall in words, in the language of the reader and the time of the site."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

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


def closed_sentence(site: Site, next_opening: datetime | None) -> str:
    """That a site is closed, and when it opens."""
    if next_opening is None:
        return _("%(site)s is closed now. Its next opening is not known yet.") % {
            "site": site.label
        }
    local = next_opening.astimezone(ZoneInfo(site.timezone))
    return _("%(site)s is closed now. It opens on %(day)s at %(time)s.") % {
        "site": site.label,
        "day": date_format(local, "MONTH_DAY_FORMAT"),
        "time": date_format(local, "TIME_FORMAT"),
    }


def range_sentence(wait: rules.WaitRange | None) -> str:
    """A wait as people read it; nothing when it cannot be said."""
    if wait is None:
        return ""
    words = {"low": wait.low_minutes, "high": wait.high_minutes}
    if not wait.low_minutes:
        return pgettext("wait", "less than %(high)s min") % words
    return pgettext("wait", "%(low)s to %(high)s min") % words


def _clock(moment: datetime, site: Site) -> str:
    return date_format(moment.astimezone(ZoneInfo(site.timezone)), "TIME_FORMAT")
