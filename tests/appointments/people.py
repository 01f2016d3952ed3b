"""An appointment of somebody whom nobody linked: known by their e-mail."""

from parvis.appointments.models import Appointment
from parvis.cases.models import Case
from parvis.contacts.models import Person
from tests.appointments.factories import booked


def appointment(person: Person, case: Case) -> None:
    made = booked()
    Appointment.objects.filter(pk=made.appointment.pk).update(person=person, case=case)


PLANTED = [appointment]
