"""The list of documents of a sheet, sent to somebody who stands at the desk or calls."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal, outbox, sms
from parvis.common.errors import Refused
from parvis.contacts.rules import normal_email
from parvis.knowledge import markup
from parvis.knowledge.models import Sheet
from parvis.knowledge.queries import Place
from parvis.organisations.models import Site
from parvis.web.queries import OpenSheet, ShownBlock

PURPOSE = "documents"  # of a text message


@transaction.atomic
def send_documents(opened: OpenSheet, to: str, *, agent: Agent, site: Site, now: datetime) -> str:
    """Have the list sent by e-mail or as a text message, signed; gives back where it goes."""
    if "@" in to:
        subject = _("Documents to bring: %(title)s") % {"title": opened.sheet.title}
        text = render_to_string("web/documents.txt", _words(opened, agent, site))
        address = _mail(to, subject, text, agent=agent)
        journal.record(agent, "knowledge.documents_sent", opened.sheet, by="email")
        return address
    items = "; ".join(line for part in opened.documents for line in words_of(part))
    title = _("Documents to bring: %(title)s") % {"title": opened.sheet.title}
    masked = _text(to, f"{title}. {items}", agent=agent, site=site, now=now)
    journal.record(agent, "knowledge.documents_sent", opened.sheet, by="sms")
    return masked


@transaction.atomic
def send_neighbour(
    sheet: Sheet, contact: Place, to: str, *, agent: Agent, site: Site, now: datetime
) -> str:
    """Have a neighbour's short answer and its contact sent, signed; gives back where it goes."""
    house = sheet.authority.name if sheet.authority else ""
    if not to:
        raise Refused(_("Give an e-mail address or a mobile number."), code="invalid")
    if "@" in to:
        words = {"title": sheet.title, "house": house}
        text = render_to_string(
            "web/neighbour.txt",
            {"sheet": sheet, "house": house, "contact": contact, "agent": agent, "site": site},
        )
        subject = _("%(title)s: ask %(house)s") % words
        given, by = _mail(to, subject, text, agent=agent), "email"
    else:
        # The address of the page last: where a text is too long, the telephone stays.
        reach = [contact.name, contact.phone, " ".join(contact.address.split()), contact.website]
        parts = "; ".join(one for one in reach if one)
        given = _text(to, f"{house}. {sheet.title}. {parts}", agent=agent, site=site, now=now)
        by = "sms"
    journal.record(agent, "knowledge.neighbour_given", sheet, by=by, house=house)
    return given


def _text(to: str, words: str, *, agent: Agent, site: Site, now: datetime) -> str:
    signature = f"{agent.display_name}, {site.label}"
    text = f"{shortened(words, sms.LONGEST - len(signature) - 3)} - {signature}"
    row = sms.send(to, text, authority_id=site.authority_id, purpose=PURPOSE, now=now)
    return row.to_masked


def words_of(part: ShownBlock) -> list[str]:
    """The lines of one part of a sheet, without marks."""
    return markup.words(str(part.html)).splitlines()


def shortened(text: str, longest: int) -> str:
    """As much of a text as fits, cut between two words."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rpartition(" ")[0] + "…"


def _mail(to: str, subject: str, text: str, *, agent: Agent) -> str:
    address = normal_email(to)
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(_("“%s” is not an e-mail address.") % to, code="invalid") from None
    reply_to = (agent.service.email if agent.service else "") or agent.authority.email
    if not reply_to:
        # Nobody is written to from an address that cannot be answered (R2).
        raise Refused(_("Your service has no e-mail address that people can answer to."))
    outbox.send_mail(address, subject=subject, text=text, reply_to=reply_to)
    return address


def _words(opened: OpenSheet, agent: Agent, site: Site) -> dict[str, object]:
    return {
        "title": opened.sheet.title,
        "short_answer": opened.short_answer,
        "parts": [(block.title, words_of(block)) for block in opened.documents],
        "agent": agent,
        "site": site,
    }
