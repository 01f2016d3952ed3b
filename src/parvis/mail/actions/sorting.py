"""What an agent decides about a message that waits: its case, a new case, an answer, aside."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import actions as cases
from parvis.cases.models import Case
from parvis.common import journal
from parvis.common.emails import is_email
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel, Outcome
from parvis.contacts.rules import normal_email
from parvis.mail import addresses, rules
from parvis.mail.actions import owing
from parvis.mail.actions.reading import bring_to_case, keep_documents
from parvis.mail.events import MailSorted
from parvis.mail.models import OutgoingMail, ReceivedMail
from parvis.mail.queries.signing import of_agent
from parvis.organisations.models import Topic

LONGEST = 5000


@transaction.atomic
def attach_to(mail: ReceivedMail, case: Case, *, agent: Agent, now: datetime) -> ReceivedMail:
    """Put a message with a case that the agent may read; its sender may write about it from now."""
    mail = _held(mail, agent)
    if not Case.objects.visible_to(agent).filter(pk=case.pk).exists():
        raise Refused(_("This belongs to another authority."), code="foreign")
    bring_to_case(mail, case, now=now)
    return _done(mail, rules.THREADED, agent, now, verb="mail_attached", case=case.pk)


@transaction.atomic
def release(mail: ReceivedMail, *, agent: Agent, now: datetime) -> ReceivedMail:
    """Let a message that was kept apart through to the case that it names."""
    if mail.claimed is None:
        raise Refused(_("This message names no case: choose one."), code="no_case")
    return attach_to(mail, mail.claimed, agent=agent, now=now)


@transaction.atomic
def open_case_from(
    mail: ReceivedMail, *, topic: Topic, agent: Agent, now: datetime, title: str = ""
) -> Case:
    """Make a case of a message: received on the day on which it came, answered by a receipt."""
    mail = _held(mail, agent)
    if topic.authority_id != mail.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    person = None
    if mail.from_address:
        person, _linking = contacts.identify_person(mail.authority, now=now, **_sender(mail))
    said = mail.text.strip() or mail.subject or _("(A message without words.)")
    came_on = min(localdate(mail.received_at), localdate(now))
    opened = cases.open_case(
        topic=topic,
        channel=Channel.EMAIL,
        title=one_line(title) or addresses.without_mark(mail.subject),
        description=said[:LONGEST],
        now=now,
        agent=agent,
        person=person,
        received_on=came_on,
    )
    case = opened.case
    # What was owed while the case was opened answers this very message.
    chain = rules.chain(mail.references, mail.message_id)
    OutgoingMail.objects.filter(case=case).update(references=chain, answers=mail)
    keep_documents(mail, case, now=now)
    mail.case, mail.contact, mail.claimed = case, case.contact, None
    _done(mail, rules.OPENED, agent, now, verb="case_opened", case=case.pk)
    return case


def _sender(mail: ReceivedMail) -> dict[str, str]:
    if is_email(normal_email(mail.from_address)):
        return {"last_name": mail.from_name[:80], "email": mail.from_address}
    # An address of an inner network, say: it came, so it is told, but nobody is known by it.
    return {"last_name": (mail.from_name or mail.from_address)[:80]}


@transaction.atomic
def answer(
    mail: ReceivedMail, *, topic: Topic, text: str, agent: Agent, now: datetime
) -> OutgoingMail:
    """Answer at once, in one's own name: the exchange is written down, and nothing stays open."""
    mail = _held(mail, agent)
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not words:
        raise Refused(_("Write the answer."), code="empty")
    if len(words) > LONGEST:
        raise Refused(_("This text is too long: 5,000 characters at most."), code="too_long")
    if not mail.from_address:
        raise Refused(_("Nobody is named as the sender."), code="no_sender")
    reply_by = mail.box.address if mail.box else (agent.service.email if agent.service else "")
    lacking = of_agent(agent, reply_by=reply_by, on=localdate(now)).lacking
    if lacking:
        raise Refused(lacking[0], code="unsigned")
    person, linking = contacts.identify_person(mail.authority, now=now, **_sender(mail))
    mail.contact = contacts.log_contact(
        authority=mail.authority, topic=topic, channel=Channel.EMAIL, outcome=Outcome.RESOLVED,
        started_at=now, ended_at=now, now=now, agent=agent, site=agent.site, person=person,
        linking=linking,
    )  # fmt: skip
    owed = owing.owe_answer(mail, agent=agent, text=words, now=now)
    _done(mail, rules.ANSWERED, agent, now, verb="mail_answered", outgoing=owed.pk)
    return owed


@transaction.atomic
def set_aside(mail: ReceivedMail, *, words: str, agent: Agent, now: datetime) -> ReceivedMail:
    """Put a message aside, and say why: whoever asks later reads it."""
    mail = _held(mail, agent)
    why = one_line(words)[:300]
    if not why:
        raise Refused(_("Say why nothing is done with this message."), code="empty")
    mail.words = why
    return _done(mail, rules.SET_ASIDE, agent, now, verb="mail_set_aside")


@transaction.atomic
def take_up(mail: ReceivedMail, *, agent: Agent, now: datetime) -> ReceivedMail:
    """Look again at what was put aside, by a colleague or because a machine seemed to write."""
    mail = _locked(mail, agent)
    if not rules.may_be_taken_up(mail.state):
        raise Refused(_("A colleague has just seen to this message."), code="stale")
    before, mail.words, mail.reason = mail.state, "", "taken_up"
    if mail.state != rules.BOUNCE:
        mail.case = None
    mail.state, mail.handled_by, mail.handled_at = rules.WAITING, None, None
    mail.save()
    journal.record(agent, "mail.mail_taken_up", mail, before=before)
    return mail


def _held(mail: ReceivedMail, agent: Agent) -> ReceivedMail:
    """The message, for as long as the act takes; Refused when a colleague was faster."""
    mail = _locked(mail, agent)
    if not rules.may_be_sorted(mail.state):
        raise Refused(_("A colleague has just seen to this message."), code="stale")
    return mail


def _locked(mail: ReceivedMail, agent: Agent) -> ReceivedMail:
    rows = ReceivedMail.objects.select_for_update(of=("self",)).visible_to(agent)
    found = rows.select_related("authority", "box__service").filter(pk=mail.pk).first()
    if found is None:
        raise Refused(_("This belongs to another authority."), code="foreign")
    return found


def _done(
    mail: ReceivedMail, state: str, agent: Agent, now: datetime, *, verb: str, **data: int
) -> ReceivedMail:
    mail.state, mail.handled_by, mail.handled_at = state, agent, now
    mail.save()
    journal.record(agent, f"mail.{verb}", mail, **data)
    emit(MailSorted(mail.pk, mail.authority_id, state, mail.case_id))
    return mail
