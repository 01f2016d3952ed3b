"""Sentences about appointments, as they are read, heard and sent."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis.appointments import rules
from parvis.appointments.models import Agenda, Appointment
from parvis.organisations.models import Site
from parvis.organisations.queries import shown_name
from parvis.organisations.rules import ShownName


def clock_words(instant: datetime, site: Site) -> str:
    """The hour on the clocks of the place: 14 h 30."""
    return date_format(instant.astimezone(ZoneInfo(site.timezone)), "TIME_FORMAT")


def day_words(day: date) -> str:
    """A day written out: mardi 24 novembre."""
    return date_format(day, "MONTH_DAY_FORMAT")


def moment_words(instant: datetime, site: Site) -> str:
    """Day and hour on the clocks of the place: mardi 24 novembre, 14 h 30."""
    return f"{day_words(instant.astimezone(ZoneInfo(site.timezone)).date())}, " + clock_words(
        instant, site
    )


def slots_words(starts: Iterable[datetime], site: Site) -> str:
    """Several slots in one sentence."""
    return " ; ".join(moment_words(start, site) for start in starts)


def taken_sentence(starts: Iterable[datetime], site: Site) -> str:
    """This slot is not free (any more): what is free close to it, or whom to call."""
    near = slots_words(starts, site)
    if near:
        return _("This time is no longer free. The closest free times: %(times)s.") % {
            "times": near
        }
    return _("This time is no longer free, and nothing close to it is. Choose another day.")


def expected_by(agenda: Agenda, on: date) -> ShownName | None:
    """The colleague who expects the visitor, as far as the name may be shown."""
    if agenda.agent is None or agenda.agent.entry is None:
        return None
    return shown_name(agenda.agent.entry, on)


def arrival_sentence(
    appointment: Appointment, how: rules.Arriving, opens_at: datetime, *, now: datetime
) -> str:
    """What the early and late rules mean for somebody who is here now."""
    site = appointment.agenda.site
    booked = clock_words(appointment.starts_at, site)
    zone = ZoneInfo(site.timezone)
    day = appointment.starts_at.astimezone(zone).date()
    if how is rules.Arriving.TOO_EARLY and day != now.astimezone(zone).date():
        return _(
            "Your appointment is not today: %(day)s, at %(booked)s. You can check in that day "
            "from %(opens)s on: nothing is lost, please come back then."
        ) % {"day": day_words(day), "booked": booked, "opens": clock_words(opens_at, site)}
    if how is rules.Arriving.TOO_EARLY:
        return _(
            "Your appointment is at %(booked)s. You can check in from %(opens)s on: nothing is "
            "lost, please come back then."
        ) % {"booked": booked, "opens": clock_words(opens_at, site)}
    if how is rules.Arriving.LATE:
        return _(
            "Your appointment was at %(booked)s. You are received all the same, in the ordinary "
            "line, from now on."
        ) % {"booked": booked}
    return _("Your appointment is at %(booked)s. You are expected.") % {"booked": booked}


def not_expected_sentence(appointment: Appointment) -> str:
    """Why somebody cannot check in for this appointment, and what to do."""
    if appointment.state == rules.ARRIVED:
        return _("You have checked in already. Please take a seat.")
    if appointment.state == rules.CANCELLED:
        return _("This appointment was cancelled. Take an ordinary ticket, or ask an agent.")
    return _("This appointment is over. Take an ordinary ticket, or ask an agent.")


def state_words(appointment: Appointment) -> str:
    """The state of an appointment, for a chip."""
    if appointment.state == rules.ARRIVED and appointment.started_at:
        return pgettext("appointment", "being received")
    return str(appointment.get_state_display())
