"""A request goes on after the exchange: a case with a service, a referent and a secret link."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.actions import clocks, people, story
from parvis.cases.actions.reading import note_opened
from parvis.cases.actions.receipts import send_receipt
from parvis.cases.events import CaseOpened
from parvis.cases.models import Case
from parvis.common import clock, codes
from parvis.common.calendar import zone_of
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts import actions as contacts
from parvis.contacts.models import AvoidableCause, Channel, Contact, Linking, Outcome, Person
from parvis.organisations.models import Topic

DRAWS = 6  # of 894 million references: the seventh collision in a row will not happen


@dataclass(frozen=True)
class Opened:
    """The new case, and the secret of its link: known only now, kept only as a hash."""

    case: Case
    secret: str


@transaction.atomic
def open_case(
    *,
    topic: Topic,
    channel: str,
    description: str,
    now: datetime,
    agent: Agent | None = None,
    person: Person | None = None,
    title: str = "",
    contact: Contact | None = None,
    received_on: date | None = None,
    posted_on: date | None = None,
    first_received_on: date | None = None,
    due_on: date | None = None,
    referent: Agent | None = None,
    deputy: Agent | None = None,
    because: str = "",
) -> Opened:
    """Open a case at the service that owns the topic; somebody of it follows from now on."""
    _check_channel(channel)
    person = person or (contact.person if contact else None)
    _check_tenant(topic, agent, person, contact)
    dates = posted_on, first_received_on, _today(topic, now, contact, agent)
    received_on = _received(received_on, *dates)
    pair = people.chosen_pair(
        topic.service, topic, now=now, person=person, referent=referent, deputy=deputy,
        because=because,
    )  # fmt: skip
    contact = contact or _its_contact(topic, channel, now, agent, person)
    opened = _create(
        authority_id=topic.authority_id,
        topic=topic,
        service=topic.service,
        **people.in_hands(pair, now),
        person=person,
        contact=contact,
        channel=channel,
        **_told(topic, title, description),
        opened_at=now,
        received_on=received_on,
        posted_on=posted_on,
        due_on=due_on,
    )
    _first_lines(opened.case, agent, now, pair, first_received_on)
    return opened


def _told(topic: Topic, title: str, description: str) -> dict[str, str]:
    asked = story.words(description, empty=_("Write what the person asks."))
    return {"title": one_line(title)[:160] or topic.name, "description": asked}


def _create(**values: Any) -> Opened:
    for _draw in range(DRAWS):
        secret = codes.new_secret()
        try:
            with transaction.atomic():
                case = Case.objects.create(
                    reference=codes.new_reference(),
                    secret_hash=codes.hash_secret(secret),
                    last_activity_at=values["opened_at"],
                    unread_by_service=True,
                    **values,
                )
        except IntegrityError:
            if _draw == DRAWS - 1:
                raise
        else:
            return Opened(case, secret)
    raise AssertionError("unreachable")


def _first_lines(
    case: Case,
    agent: Agent | None,
    now: datetime,
    pair: people.Pair,
    first_received_on: date | None,
) -> None:
    story.add_line(case, story.Kind.OPENED, now=now, agent=agent, channel=case.channel)
    story.add_referent(case, now=now, agent=agent, **people.exceptions_of(pair))
    story.note_down(case, agent, "case_opened", service=case.service_id, referent=case.referent_id)
    note_opened(case, agent, now)
    emit(CaseOpened(case.pk, case.authority_id, case.service_id, case.referent_id))
    clocks.start(case, now=now, first_received_on=first_received_on)
    send_receipt(case, agent=agent, now=now)


def _its_contact(
    topic: Topic, channel: str, now: datetime, agent: Agent | None, person: Person | None
) -> Contact:
    """A case that comes by itself is an exchange too: one row per exchange, on any channel."""
    reachable = person is not None and bool(person.email or person.phone)
    return contacts.log_contact(
        authority=topic.authority,
        topic=topic,
        channel=channel,
        outcome=Outcome.CASE_OPENED,
        started_at=now,
        ended_at=now,
        now=now,
        agent=agent,
        site=agent.site if agent else None,
        person=person,
        linking=Linking.CONTACT_DETAILS if reachable else Linking.NONE,
    )


@transaction.atomic
def link_contact(contact: Contact, *, case: Case, agent: Agent | None, now: datetime) -> Contact:
    """Say that an exchange was about this case: the surest link to the person."""
    if contact.authority_id != case.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if case.person is not None:
        contacts.link_person(contact, person=case.person, linking=Linking.CASE)
    story.note_down(case, agent, "contact_linked", contact=contact.pk)
    return contact


@transaction.atomic
def log_exchange(
    case: Case, *, agent: Agent, now: datetime, channel: str, chasing: bool = False, note: str = ""
) -> Contact:
    """Write down that the person called, wrote or came about this case: linked most surely."""
    story.check_agent(case, agent)
    return contacts.log_contact(
        authority=case.authority,
        topic=case.topic,
        channel=channel,
        outcome=Outcome.PASSED_ON,
        started_at=now,
        ended_at=now,
        now=now,
        agent=agent,
        site=agent.site,
        person=case.person,
        linking=Linking.CASE,
        avoidable_cause=AvoidableCause.CHASING if chasing else "",
        note=note,
    )


def _check_tenant(
    topic: Topic, agent: Agent | None, person: Person | None, contact: Contact | None
) -> None:
    for thing in (agent, person, contact):
        if thing is not None and thing.authority_id != topic.authority_id:
            raise Refused(_("This belongs to another authority."), code="foreign")


def _today(topic: Topic, now: datetime, contact: Contact | None, agent: Agent | None) -> date:
    site = (contact.site if contact else None) or (agent.site if agent else None)
    if site is not None:
        return clock.local_day(now, ZoneInfo(site.timezone))
    return clock.local_day(now, zone_of(topic.authority.territory, home=settings.TIME_ZONE))


def _check_channel(channel: str) -> None:
    if channel not in Channel.values:
        raise Refused(_("Choose the channel of the exchange."))


def _received(
    given: date | None, posted_on: date | None, first_received_on: date | None, today: date
) -> date:
    received_on = given or today
    if received_on > today:
        raise Refused(_("A request cannot have been received in the future."))
    if posted_on is not None and posted_on > received_on:
        raise Refused(_("A letter is posted before it is received."))
    if first_received_on is not None and first_received_on > received_on:
        raise Refused(_("Another authority that sent it on had it before us."))
    return received_on
