"""Meeting whoever follows a case: composed of cases and agendas."""

from datetime import datetime

from parvis.appointments import queries, rules
from parvis.appointments.models import AgendaTopic, Appointment
from parvis.cases.models import Case
from parvis.cases.rules import RUNNING
from parvis.queue.models import Source, Ticket


def who_may_be_met(case: Case) -> AgendaTopic | None:
    """The agenda of the referent, else of the deputy; None when neither may be booked."""
    if case.state not in RUNNING:
        return None
    people = [pk for pk in (case.referent_id, case.deputy_id) if pk]
    found = queries.offerings_for_case(people, case.topic_id)
    return found[0] if found else None


def reach_of(ticket: Ticket) -> str:
    """Where somebody at a desk may be written to, if they told it: themselves, or when booking."""
    person = ticket.person
    known = (person.email or person.phone) if person else ""
    if known or ticket.source != Source.BOOKED:
        return str(known)
    booked = Appointment.objects.filter(ticket=ticket).values_list("email", "phone").first()
    return str(booked[0] or booked[1]) if booked else ""


def to_come(case: Case, now: datetime) -> list[Appointment]:
    """The appointments about a case that are still to come."""
    rows = queries.of_case(case).filter(state=rules.BOOKED, ends_at__gt=now)
    return list(rows.order_by("starts_at"))
