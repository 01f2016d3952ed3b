"""Words about the reception, and thanks."""

from parvis.cases.models import Case
from parvis.contacts.models import Contact, Person
from parvis.feedback.models import Response, Thanks
from tests.contacts.factories import NOON


def words(person: Person, case: Case) -> None:
    contact = Contact.objects.filter(person=person).order_by("pk").first()
    assert contact is not None
    Response.objects.create(
        authority=case.authority, contact=contact, at=NOON, via="ticket", solved=True, comment="x"
    )
    Thanks.objects.create(authority=case.authority, case=case, at=NOON, words="Merci")


PLANTED = [words]
