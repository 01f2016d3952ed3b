"""The row of an appointment while it changes: locked first, written down in the journal after."""

from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.appointments.models import Appointment
from parvis.common import journal
from parvis.common.errors import Refused


def locked(appointment: Appointment, *, agenda_id: int | None = None) -> Appointment:
    """The appointment as it is now, held until the commit; refused if it left that agenda."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related(
        "agenda__site__authority", "agenda__agent", "topic__family", "person"
    )
    fresh = rows.get(pk=appointment.pk)
    if agenda_id is not None and fresh.agenda_id != agenda_id:
        raise Refused(_("This appointment was changed meanwhile. Look at it again."))
    return fresh


def note_down(appointment: Appointment, who: Agent | str | None, verb: str, **data: str) -> None:
    """Write into the journal what somebody did to an appointment."""
    journal.record(
        who, f"appointments.{verb}", appointment, authority_id=appointment.authority_id, **data
    )
