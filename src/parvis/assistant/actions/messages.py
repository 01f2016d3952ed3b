"""What cannot be settled at once: a message or a call-back is a case with a named referent."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.assistant.actions import contacts as written
from parvis.assistant.actions import handing
from parvis.assistant.models import Conversation, Handover, Turn
from parvis.assistant.queries import handing as queries
from parvis.cases import actions as cases
from parvis.cases import queries as case_queries
from parvis.cases.actions import Opened
from parvis.cases.models import Case
from parvis.common.errors import Refused
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel, Outcome, Person
from parvis.organisations.models import Topic

LONGEST = 4900  # letters that a case takes
MESSAGE = 2500


@dataclass(frozen=True)
class Reach:
    """Who it is and how they are reached, as far as they say so."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Call:
    """When the person wants to be called, by part of a day."""

    day: date
    part: str


@transaction.atomic
def leave_message(
    conversation: Conversation,
    *,
    topic: Topic,
    text: str,
    now: datetime,
    reach: Reach = Reach(),
    call: Call | None = None,
) -> Opened:
    """A message becomes a case with what was said before; whoever waited does not wait any more."""
    conversation = handing.locked(conversation)
    _check(conversation, topic, text)
    if (waits := queries.open_handover(conversation)) is not None:
        handing.close(waits, Handover.State.GIVEN_UP, now)
    person, linking = _person(conversation, reach, now)
    contact = written.write_down(
        conversation,
        topic=topic,
        outcome=Outcome.CASE_OPENED,
        now=now,
        person=person,
        linking=linking,
    )
    opened = cases.open_case(
        topic=topic,
        channel=Channel.ASSISTANT,
        description=_description(text, conversation),
        now=now,
        person=person,
        contact=contact,
    )
    if call is not None:
        cases.ask_call(opened.case, now=now, day=call.day, part=call.part, phone=reach.phone)
    way = Handover.Way.MESSAGE if call is None else Handover.Way.CALLBACK
    Handover.objects.create(
        conversation=conversation,
        way=way,
        state=Handover.State.ENDED,
        asked_at=now,
        ended_at=now,
        last_seen_person=now,
    )
    _keep(conversation, opened.case, topic, Conversation.State.BOT)
    _tell(conversation, opened.case, "message" if call is None else "call", now)
    return opened


@transaction.atomic
def make_case(
    handover: Handover,
    *,
    agent: Agent,
    topic: Topic,
    text: str,
    now: datetime,
    reach: Reach = Reach(),
) -> Opened:
    """The agent makes a case of the conversation, which ends with it."""
    handover = handing.held(handover, agent)
    conversation = handover.conversation
    _check(conversation, topic, text)
    person, linking = _person(conversation, reach, now)
    contact = handing.log(
        handover, agent=agent, topic=topic, outcome=Outcome.CASE_OPENED, now=now, person=person,
        linking=linking,
    )  # fmt: skip
    opened = cases.open_case(
        topic=topic,
        channel=Channel.ASSISTANT,
        description=_description(text, conversation),
        now=now,
        agent=agent,
        person=person,
        contact=contact,
    )
    handing.close(handover, Handover.State.ENDED, now)
    _keep(conversation, opened.case, topic, Conversation.State.ENDED)
    _tell(conversation, opened.case, "case", now)
    return opened


def case_link(conversation: Conversation, *, now: datetime) -> str:
    """A fresh secret of the page of the case that came of it, for whoever holds this page."""
    if conversation.case is None:
        raise Refused(_("No request came of this conversation."))
    return cases.renew_link(conversation.case, now=now)


def _check(conversation: Conversation, topic: Topic, text: str) -> None:
    if topic.authority_id != conversation.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if not text.strip():
        raise Refused(_("Write your message."), code="empty")
    if len(text) > MESSAGE:
        raise Refused(_("This message is too long: 2,500 characters at most."), code="too_long")


def _person(conversation: Conversation, reach: Reach, now: datetime) -> tuple[Person | None, str]:
    if not any(value.strip() for value in vars(reach).values()):
        return None, "none"
    return contacts.identify_person(conversation.authority, now=now, **vars(reach))


def _keep(conversation: Conversation, case: Case, topic: Topic, state: str) -> None:
    conversation.case, conversation.topic = case, topic
    conversation.contact = case.contact or conversation.contact
    conversation.save(update_fields=["case", "topic", "contact"])
    handing.turn_to(conversation, state, Conversation.Outcome.HANDED_OVER)


def _tell(conversation: Conversation, case: Case, what: str, now: datetime) -> None:
    with translation.override(conversation.language):
        shown = case_queries.named_contact(case, timezone.localdate(now))
        name = shown.name or shown.service
    handing.announce(conversation, what, now, reference=case.reference, name=name)


def _description(text: str, conversation: Conversation) -> str:
    """The message, then what was said before it: the end of it where all is too long."""
    said = "\n".join(
        f"{Turn.Author(turn.author).label} : {turn.text}"
        for turn in conversation.said.exclude(author=Turn.Author.HOUSE).order_by("number")
        if turn.text
    )
    if not said:
        return text.strip()
    head = text.strip() + "\n\n" + _("Conversation before this message:") + "\n"
    room = LONGEST - len(head)
    return head + (said if len(said) <= room else "…" + said[-(room - 1) :])
