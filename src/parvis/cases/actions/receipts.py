"""The receipt that a person gets by e-mail: a row of the outbox, sent once the case exists."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.actions import story
from parvis.cases.models import Case
from parvis.common import outbox


def send_receipt(case: Case, *, agent: Agent | None, now: datetime) -> None:
    """Have the receipt sent if the person left an address and the service can be answered.

    The secret link is not in it: the outbox keeps what it sends for a while, and a secret is
    kept only as a hash.
    """
    receipt = queries.receipt(case, case.received_on)
    person = case.person
    # Nobody is written to from an address that cannot be answered (R2).
    if person is None or not person.email or not receipt.email:
        return
    with translation.override(person.language or "fr"):
        outbox.send_mail(
            person.email,
            subject=_("Your request %(reference)s is registered")
            % {"reference": receipt.reference},
            text=render_to_string("cases/receipt.txt", {"receipt": receipt, "person": person}),
            reply_to=receipt.email,
        )
    story.add_line(case, story.Kind.RECEIPT, now=now, agent=agent, by_mail=True)
