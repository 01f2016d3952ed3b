"""Words about the reception, and thanks."""

from parvis.cases.models import Case
from parvis.contacts.models import Contact, Person
from parvis.feedback.models import Complaint, Incident, Response, Thanks
from tests.cases.factories import nadia
from tests.contacts.factories import NOON


def words(person: Person, case: Case) -> None:
    contact = Contact.objects.filter(person=person).order_by("pk").first()
    assert contact is not None
    Response.objects.create(
        authority=case.authority, contact=contact, at=NOON, via="ticket", solved=True, comment="x"
    )
    Thanks.objects.create(authority=case.authority, case=case, at=NOON, words="Merci")


def wrongs(person: Person, case: Case) -> None:
    Complaint.objects.create(
        authority=case.authority, service=case.service, case=case, channel="web",
        received_at=NOON, words="w", take_by=NOON.date(), due_on=NOON.date(),
    )  # fmt: skip
    Incident.objects.create(
        authority=case.authority, case=case, kind="words", severity=1, happened_at=NOON,
        reported_by=nadia(), words="w", due_on=NOON.date(),
    )  # fmt: skip


PLANTED = [words, wrongs]
