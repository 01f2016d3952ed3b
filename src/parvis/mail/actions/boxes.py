"""The addresses of the house."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.mail.models import Mailbox
from parvis.mail.rules import is_no_reply
from parvis.organisations.models import Authority, Service

LONGEST_LOCAL = 30  # the signature of an address of a case needs the rest of 64


@transaction.atomic
def keep_box(
    authority: Authority,
    *,
    agent: Agent | None,
    address: str,
    service: Service,
    keeper: Agent | None,
    is_active: bool = True,
    box: Mailbox | None = None,
) -> Mailbox:
    """Make an address known, or change who answers for it."""
    plain = address.strip().lower()
    local = plain.partition("@")[0]
    if is_no_reply(plain):
        raise Refused(_("An address that nobody answers is not used here."), code="no_reply")
    if "+" in local or len(local) > LONGEST_LOCAL:
        raise Refused(_("Before the @: thirty signs at most, without a plus sign."))
    if service.authority_id != authority.pk or (keeper and keeper.authority_id != authority.pk):
        raise Refused(_("This belongs to another authority."), code="foreign")
    kept = box or Mailbox(authority=authority)
    kept.address, kept.service, kept.keeper, kept.is_active = plain, service, keeper, is_active
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise Refused(_("This address is known already."), code="known") from None
    journal.record(
        agent, "mail.box_kept", kept, authority_id=authority.pk, service=service.pk,
        is_active=is_active,
    )  # fmt: skip
    return kept
