"""A case with all that hangs on it: items, documents, a call to make, keys of its page."""

from datetime import timedelta

from parvis.cases import actions
from parvis.cases.actions import Wanted
from parvis.cases.models import (
    CallBack,
    Case,
    CaseMerge,
    CaseParty,
    CaseRead,
    Handover,
    KnownDevice,
    MailedCode,
    Mandate,
    PageKey,
)
from parvis.contacts.models import Person
from tests.cases.factories import NOON, bruno, nadia, windows
from tests.contacts.factories import PersonFactory

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


def others(person: Person, case: Case) -> None:
    """Handed over, read from elsewhere, put together, with a neighbour and a mandate."""
    neighbour, agent = PersonFactory.create(last_name="Le Goff"), nadia()
    Handover.objects.create(
        case=case, giver=agent, receiver=bruno(), promised="p", next_step="n", why="w",
        state="returned", answer="a", offered_at=NOON, answered_at=NOON, by_when=NOON.date(),
    )  # fmt: skip
    twin = windows(person=None).case
    Case.objects.filter(pk=twin.pk).update(person=None, state="merged", merged_into=case)
    CaseMerge.objects.create(
        kept=case, merged=twin, agent=agent, at=NOON, reason="r", was={"title": "t"}
    )
    CaseParty.objects.create(case=case, person=neighbour, agent=agent, added_at=NOON)
    Mandate.objects.create(
        case=case, holder=neighbour, kind="family", first_day=NOON.date(), proof="signed",
        seen_by=agent, seen_at=NOON,
    )  # fmt: skip
    CaseRead.objects.create(
        authority=case.authority, case=case, agent=agent, at=NOON, day=NOON.date(),
        is_outside=True, reason="other", words="w",
    )  # fmt: skip


PLANTED = [file, keys, others]
