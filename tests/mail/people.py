"""A mail with its document, the answer to it, and an address that takes none any more."""

from datetime import timedelta

from parvis.cases.models import Case
from parvis.common import files
from parvis.contacts.models import Person
from parvis.mail.models import DeadAddress, MailFile, OutgoingMail, ReceivedMail
from tests.cases.factories import NOON


def messages(person: Person, case: Case) -> None:
    digest, size, kind = files.keep([b"%PDF-1.7 zqxpersonne mail"])
    mail = ReceivedMail.objects.create(
        authority=case.authority, fingerprint="f" * 64, digest=digest, size=size, way="pipe",
        received_at=NOON, state="threaded", case=case, words="w",
    )  # fmt: skip
    MailFile.objects.create(mail=mail, place=1, name="a", kind=kind, size=size, digest=digest)
    OutgoingMail.objects.create(
        authority=case.authority, kind="answer", case=case, answers=mail, to=person.email,
        sender="accueil@example.org", message_id="<planted@example.org>", at=NOON,
        next_at=NOON + timedelta(minutes=1),
    )  # fmt: skip
    DeadAddress.objects.create(authority=case.authority, address=person.email, since=NOON)


PLANTED = [messages]
