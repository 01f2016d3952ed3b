"""The list of documents of a sheet, sent to somebody who stands at the desk or calls."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal, outbox
from parvis.common.errors import Refused
from parvis.contacts.rules import normal_email
from parvis.knowledge import markup
from parvis.organisations.models import Site
from parvis.web.queries import OpenSheet


@transaction.atomic
def mail_documents(opened: OpenSheet, to: str, *, agent: Agent, site: Site, now: datetime) -> str:
    """Have the list sent by e-mail, signed; the address is kept nowhere else."""
    address = normal_email(to)
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(_("“%s” is not an e-mail address.") % to, code="invalid") from None
    reply_to = (agent.service.email if agent.service else "") or agent.authority.email
    if not reply_to:
        # Nobody is written to from an address that cannot be answered (R2).
        raise Refused(_("Your service has no e-mail address that people can answer to."))
    outbox.send_mail(
        address,
        subject=_("Documents to bring: %(title)s") % {"title": opened.sheet.title},
        text=render_to_string("web/documents.txt", _words(opened, agent, site)),
        reply_to=reply_to,
    )
    journal.record(agent, "knowledge.documents_sent", opened.sheet, by="email")
    return address


def _words(opened: OpenSheet, agent: Agent, site: Site) -> dict[str, object]:
    return {
        "title": opened.sheet.title,
        "short_answer": opened.short_answer,
        "parts": [
            (block.title, markup.words(str(block.html)).splitlines()) for block in opened.blocks
        ],
        "agent": agent,
        "site": site,
    }
