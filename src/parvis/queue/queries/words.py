"""The decisions of the hall in words, in the language of the reader and the time of the site."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis.organisations.models import Site
from parvis.queue import rules
from parvis.queue.models import Priority, Ticket


def reason_sentence(ticket: Ticket, why: rules.Why) -> str:
    """Why this person was called and not another."""
    words = {
        "time": _clock(why.since, ticket.site),
        "priority": priority_label(why.priority),
    }
    if why.because == "reserved":
        return _("sent to this desk, waiting since %(time)s") % words
    if why.because == "priority":
        return _("waiting since %(time)s, priority: %(priority)s") % words
    return _("waiting since %(time)s") % words


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
