"""What people in a hall read of its hours and its waits, in every language of visitors."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis.organisations.models import Site
from parvis.queue import rules


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


def open_sentence(until: datetime | None) -> str:
    """That a hall is open, and until when, on its own clocks."""
    if until is None:
        return _("Open")
    return _("Open until %(time)s") % {"time": date_format(until, "TIME_FORMAT")}


def closed_briefly(opens: datetime | None) -> str:
    """That a hall is closed, as short as a wall needs it."""
    if opens is None:
        return _("Closed now")
    return _("Closed. Opens on %(day)s at %(time)s") % {
        "day": date_format(opens, "MONTH_DAY_FORMAT"),
        "time": date_format(opens, "TIME_FORMAT"),
    }


def moment_sentence(moment: datetime, site: Site) -> str:
    """A day and an hour on the clocks of a site."""
    local = moment.astimezone(ZoneInfo(site.timezone))
    return f"{date_format(local, 'MONTH_DAY_FORMAT')}, {date_format(local, 'TIME_FORMAT')}"


def range_sentence(wait: rules.WaitRange | None) -> str:
    """A wait as people read it; nothing when it cannot be said."""
    if wait is None:
        return ""
    words = {"low": wait.low_minutes, "high": wait.high_minutes}
    if not wait.low_minutes:
        return pgettext("wait", "less than %(high)s min") % words
    return pgettext("wait", "%(low)s to %(high)s min") % words
