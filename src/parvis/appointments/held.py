"""What the room keeps about people: who comes when, until a while after."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity, Held

PERSON, CASE = "contacts.Person", "cases.Case"
_FORGOTTEN = {
    "name": "", "email": "", "phone": "", "note": "", "reason": "", "person": None,
    "wants_earlier": False, "earlier_from": None,
}  # fmt: skip

personal.declare(
    Held(
        "appointments.Appointment",
        _("Appointment"),
        of={PERSON: ("person",), CASE: ("case",)},
        shown=("starts_at", "topic", "state", "name", "email", "phone", "note", "reason"),
        emptied=_FORGOTTEN,
        known_by=("email", "phone"),
    ),
    Activity(
        "appointments.bookings",
        name=_("Appointments"),
        purpose=_("Receiving somebody at a promised hour, and reminding them."),
        people=_("People who book"),
        categories=_("Name, telephone or e-mail, hour, topic, a note"),
        recipients=_("The agents of the agenda and of the reception"),
        kept=_("60 days after the appointment, then only hour, place and outcome."),
        basis=_("Public task (GDPR, art. 6-1-e)"),
    ),
)
personal.nobody(
    "appointments.Agenda", "appointments.AgendaTopic", "appointments.Rota",
    "appointments.SpecialDay", "appointments.Block", "appointments.CalendarFeed",
    "appointments.Seat", "appointments.Offer", "appointments.Message",
)  # fmt: skip
personal.no_files("appointments.CalendarFeed", "secret_hash")
personal.no_files("appointments.Appointment", "secret_hash")
