"""A ticket with a name, its event and the wish to be told."""

from parvis.cases.models import Case
from parvis.contacts.models import Person
from parvis.queue.models import Alert, TicketEvent
from tests.queue.factories import MORNING, TicketFactory


def visit(person: Person, case: Case) -> None:
    ticket = TicketFactory.create(person=person, name="Odette")
    TicketEvent.objects.create(
        ticket=ticket, at=MORNING, kind="transferred", data={"note": "x", "topic": 3}
    )
    Alert.objects.create(ticket=ticket, channel="email", address="o@e.example", at=MORNING)


PLANTED = [visit]
