"""What the room does when something happens below: the person is told by e-mail."""

from parvis.cases.events import CaseMessageWritten, CaseReferentChanged, MailOwed
from parvis.cases.models import Case, CaseEntry
from parvis.common.events import on
from parvis.mail import actions


def _case(pk: int) -> Case:
    return Case.objects.select_related("service", "authority", "person").get(pk=pk)


@on(MailOwed)
def send_what_is_owed(event: MailOwed) -> None:
    actions.owe_words(
        _case(event.case_id), kind=event.kind, subject=event.subject, text=event.text,
        now=event.at,
    )  # fmt: skip


@on(CaseMessageWritten)
def send_the_message(event: CaseMessageWritten) -> None:
    entry = CaseEntry.objects.select_related("case__service", "case__authority", "case__person")
    said = entry.get(pk=event.entry_id)
    actions.owe_message(said, now=said.at)


@on(CaseReferentChanged)
def tell_who_follows(event: CaseReferentChanged) -> None:
    if event.after_id is not None and event.before_id != event.after_id:
        case = _case(event.case_id)
        actions.owe_referent(case, now=case.last_activity_at)
