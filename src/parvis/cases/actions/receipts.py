"""The receipt that a person gets: by e-mail, a row of the outbox, or on paper; never incomplete."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.actions import story
from parvis.cases.events import MailOwed
from parvis.cases.models import Case, CaseEntry, Exemption, LegalClock
from parvis.common.errors import Refused
from parvis.common.events import emit

UNANSWERED = frozenset({Exemption.ABUSIVE, Exemption.STAFF})  # no receipt of any kind


def send_receipt(case: Case, *, agent: Agent | None, now: datetime) -> None:
    """Have a new request registered by e-mail, in full when the receipt is complete.

    The secret link is not in it: the outbox keeps what it sends for a while, and a secret is
    kept only as a hash.
    """
    legal = queries.legal_clock(case)
    if legal is not None and legal.exemption in UNANSWERED:
        return
    is_owed = legal is not None and not legal.exemption
    is_full = legal is not None and is_owed and not queries.lacking(case, legal)
    follows = is_owed and not is_full
    if not _mail(case, legal if is_full else None, now=now, follows=follows):
        return
    data: dict[str, Any] = {"registration": True} if follows else {}
    story.add_line(case, story.Kind.RECEIPT, now=now, agent=agent, by_mail=True, **data)
    if legal is not None and is_full:
        _mark(legal, now, LegalClock.Way.MAIL)


def send_late_receipt(case: Case, *, agent: Agent | None, now: datetime) -> bool:
    """Send what could not leave while nobody followed the case; gives back whether it left."""
    lines = CaseEntry.objects.filter(case=case, kind=story.Kind.RECEIPT)
    if case.referent_id is None or lines.exists():
        return False
    send_receipt(case, agent=agent, now=now)
    return lines.exists()


@transaction.atomic
def mail_receipt(case: Case, *, agent: Agent, now: datetime) -> LegalClock:
    """Send the full receipt by e-mail, later than at once."""
    legal = _ready(case, agent)
    unsigned = queries.signature(case, on=case.received_on).lacking
    if unsigned:
        raise Refused(unsigned[0], code="unsigned")
    if not _mail(case, legal, now=now, follows=False):
        raise Refused(_("The person left no e-mail address: give the receipt on paper."))
    story.add_line(case, story.Kind.RECEIPT, now=now, agent=agent, by_mail=True)
    return _given(case, legal, agent, now, LegalClock.Way.MAIL)


@transaction.atomic
def give_receipt(case: Case, *, agent: Agent, now: datetime) -> LegalClock:
    """Note that the receipt was handed over or posted on paper: the printed slip carries it."""
    legal = _ready(case, agent)
    story.add_line(case, story.Kind.RECEIPT, now=now, agent=agent)
    return _given(case, legal, agent, now, LegalClock.Way.PAPER)


def _ready(case: Case, agent: Agent) -> LegalClock:
    story.check_agent(case, agent)
    legal = LegalClock.objects.select_for_update().filter(case=case).first()
    if legal is None:
        raise Refused(_("The topic of this case follows no procedure."))
    if legal.receipt_sent_at is not None:
        raise Refused(_("The receipt was given already."), code="stale")
    legal.case = case
    missing = queries.lacking(case, legal)
    if missing:
        raise Refused(
            _("The receipt would be incomplete: %s") % " ".join(one.words for one in missing),
            code="incomplete",
        )
    return legal


def _given(
    case: Case, legal: LegalClock, agent: Agent, now: datetime, way: LegalClock.Way
) -> LegalClock:
    _mark(legal, now, way)
    story.note_down(case, agent, "receipt_given", way=way.value)
    return legal


def _mark(legal: LegalClock, now: datetime, way: LegalClock.Way) -> None:
    legal.receipt_sent_at, legal.receipt_way = now, way
    legal.save(update_fields=["receipt_sent_at", "receipt_way"])


def _mail(case: Case, legal: LegalClock | None, *, now: datetime, follows: bool) -> bool:
    receipt = queries.receipt(case, case.received_on)
    person = case.person
    # Nobody is written to from an address that cannot be answered (R2), nor by nobody (R6).
    if person is None or not person.email or not receipt.email:
        return False
    if queries.signature(case, on=case.received_on).lacking:
        return False
    with translation.override(person.language or "fr"):
        law = queries.told(case, case.received_on) if legal is not None else None
        context = {"receipt": receipt, "person": person, "law": law, "follows": follows}
        subject = _("Your request %(reference)s is registered") % {"reference": receipt.reference}
        text = render_to_string("cases/receipt.txt", context)
    emit(MailOwed(case.pk, case.authority_id, now, "receipt", subject, text))
    return True
