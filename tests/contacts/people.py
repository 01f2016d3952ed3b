"""An exchange written down, and corrected."""

from parvis.cases.models import Case
from parvis.contacts.models import Correction, Person
from tests.accounts.factories import ines
from tests.contacts.factories import NOON, ContactFactory


def exchange(person: Person, case: Case) -> None:
    contact = ContactFactory.create(person=person, linking="details", note="Voulait un plan")
    Correction.objects.create(
        contact=contact, at=NOON, by=ines(), reason="x", before={"note": "a"}, after={"note": "b"}
    )


PLANTED = [exchange]
