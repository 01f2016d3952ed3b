"""A case with all that hangs on it: items, documents, a call to make, keys of its page."""

from datetime import timedelta

from parvis.cases import actions
from parvis.cases.actions import Wanted
from parvis.cases.models import CallBack, Case, KnownDevice, MailedCode, PageKey
from parvis.contacts.models import Person
from tests.cases.factories import NOON, nadia

SOON = NOON + timedelta(days=1)


def file(person: Person, case: Case) -> None:
    actions.add_note(case, agent=nadia(), now=NOON, text="Vu", reason="En interne")
    actions.ask_for_items(
        case, agent=nadia(), now=NOON, wanted=[Wanted("Le plan")], until=SOON.date()
    )
    actions.attach(case, name="plan.pdf", kind="", data=b"%PDF-1.7 zqxpersonne plan", now=NOON)
    CallBack.objects.create(
        case=case, phone="0261910077", wanted_on=SOON.date(), asked_at=NOON, promised_until=SOON
    )


def keys(person: Person, case: Case) -> None:
    PageKey.objects.create(case=case, secret_hash="k" * 64, made_at=NOON, expires_at=SOON)
    MailedCode.objects.create(case=case, code_hash="c" * 64, sent_at=NOON, expires_at=SOON)
    KnownDevice.objects.create(case=case, token_hash="d" * 64, known_at=NOON, expires_at=SOON)


PLANTED = [file, keys]
