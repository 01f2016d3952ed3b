"""One conversation is one exchange of the log, whoever answered and however often it went on."""

from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.assistant.models import Conversation
from parvis.assistant.queries import contacts as queries
from parvis.assistant.rules.contacts import ending
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel, Contact
from parvis.organisations.models import Authority, Topic, TopicFamily

BATCH = 500
NAME, NAME_EN = "Question à l’assistant, sans motif", "Question to the assistant, no topic"
FAMILY, FAMILY_EN = "Questions à l’assistant", "Questions to the assistant"


def write_down_quiet(*, now: datetime) -> int:
    """Write down every conversation that fell silent; returns how many contacts are new."""
    pks = list(queries.to_write_down(now).values_list("pk", flat=True)[:BATCH])
    return sum(_write_down_one(pk, now=now) for pk in pks)


@transaction.atomic
def _write_down_one(pk: int, *, now: datetime) -> bool:
    rows = queries.to_write_down(now).select_for_update(of=("self",))
    conversation = rows.select_related("authority").filter(pk=pk).first()
    if conversation is None:
        return False  # somebody else was quicker, or it goes on
    is_new = conversation.logged_at is None and conversation.contact_id is None
    topic = topic_for(conversation)
    if topic is None:
        return False  # an authority without any topic has no log yet
    if not is_new and _is_settled(conversation):
        _keep(conversation, conversation.contact, now)
        return False
    taken = queries.last_taken(conversation)
    has_case = conversation.case_id is not None
    write_down(
        conversation,
        topic=topic,
        outcome=ending(conversation.outcome, helped=conversation.helped, has_case=has_case),
        now=now,
        ended_at=conversation.last_at,
        agent=taken.taken_by if taken else None,
    )
    return is_new


def _is_settled(conversation: Conversation) -> bool:
    """An agent said how it ended, or it is erased: nothing is put over that."""
    contact = conversation.contact
    if contact is None or contact.agent_id is not None:
        return True
    return contact.corrections.exists()


@transaction.atomic
def write_down(
    conversation: Conversation,
    *,
    topic: Topic,
    outcome: str,
    now: datetime,
    began: datetime | None = None,
    ended_at: datetime | None = None,
    **more: Any,
) -> Contact:
    """The contact of this conversation: made, or told how it went on; never a second one."""
    given = {
        "topic": topic,
        "outcome": outcome,
        "ended_at": ended_at or now,
        "now": now,
        "sheets": queries.sheets_told(conversation),
        **more,
    }
    if conversation.contact is not None:
        contact = contacts.carry_on(conversation.contact, **given)
    else:
        contact = contacts.log_contact(
            authority=conversation.authority,
            channel=Channel.ASSISTANT,
            started_at=began or conversation.started_at,
            site=conversation.site,
            **given,
        )
    if topic.slug != queries.GENERAL:
        conversation.topic = topic
    _keep(conversation, contact, now)
    return contact


def _keep(conversation: Conversation, contact: Contact | None, now: datetime) -> None:
    conversation.contact, conversation.logged_at = contact, now
    conversation.save(update_fields=["contact", "topic", "logged_at"])


def topic_for(conversation: Conversation) -> Topic | None:
    """The topic under which a conversation is written down."""
    return queries.topic_of(conversation) or general_topic(conversation.authority)


def general_topic(authority: Authority) -> Topic | None:
    """The topic of questions without one: counted by the house, offered to nobody.

    It belongs to the service of the house's oldest topic until somebody moves it in the settings.
    """
    found = Topic.objects.filter(authority=authority, slug=queries.GENERAL).first()
    oldest = Topic.objects.filter(authority=authority).order_by("pk").first()
    if found is not None or oldest is None:
        return found
    family, _made = TopicFamily.objects.get_or_create(
        authority=authority,
        slug=queries.GENERAL,
        defaults={"name": FAMILY, "name_en": FAMILY_EN, "series": "Z", "position": 99},
    )
    return Topic.objects.create(
        authority=authority,
        family=family,
        service_id=oldest.service_id,
        slug=queries.GENERAL,
        name=NAME,
        name_en=NAME_EN,
        is_active=False,
    )
