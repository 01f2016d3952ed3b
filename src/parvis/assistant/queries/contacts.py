"""What the log of contacts needs of a conversation: its topic, its sheets, and whose turn it is."""

from collections import Counter
from datetime import datetime

from django.db.models import F, Q, QuerySet

from parvis.assistant.models import Conversation, Handover, Turn
from parvis.assistant.queries import handing
from parvis.assistant.rules.contacts import QUIET
from parvis.knowledge import queries as knowledge
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Topic

GENERAL = "assistant"  # the short name of the topic of questions that have none


def to_write_down(now: datetime) -> QuerySet[Conversation]:
    """Conversations that fell silent, and those that went on after they were written down."""
    went_on = Q(logged_at__lt=F("last_at")) | Q(logged_at__lt=F("helped_at"))
    rows = Conversation.objects.exclude(outcome="").filter(Q(logged_at=None) | went_on)
    rows = rows.filter(last_at__lte=now - QUIET, state__in=["bot", "ended"])
    return rows.order_by("last_at", "pk")


def sheets_told(conversation: Conversation) -> list[Sheet]:
    """The sheets that answered or were sent, as a contact may hold them."""
    authority = conversation.authority
    found = (knowledge.public_sheet(authority, ref) for ref in handing.refs_quoted(conversation))
    return [one for one in found if one and one.authority_id in {None, authority.pk}]


def topic_of(conversation: Conversation) -> Topic | None:
    """What it was about: what its link said, else what the sheets that were shown are about."""
    if conversation.topic is not None:
        return conversation.topic
    counts: Counter[int] = Counter()
    topics: dict[int, Topic] = {}
    for sheet in sheets_told(conversation) or _closest(conversation):
        for topic in sheet.topics.filter(authority_id=conversation.authority_id).order_by("pk"):
            topics[topic.pk] = topic
            counts[topic.pk] += 1
    return topics[counts.most_common(1)[0][0]] if counts else None


def _closest(conversation: Conversation) -> list[Sheet]:
    """The nearest sheet of the first question that found one."""
    turns = conversation.said.filter(kind=Turn.Kind.CLOSEST).order_by("number")
    for turn in turns:
        for named in handing.sheets_of(turn)[:1]:
            sheet = knowledge.public_sheet(conversation.authority, named["ref"])
            if sheet is not None:
                return [sheet]
    return []


def last_taken(conversation: Conversation) -> Handover | None:
    """The last hand-over that an agent took, if any did."""
    rows = conversation.handovers.filter(taken_by__isnull=False)
    return rows.select_related("taken_by").order_by("-taken_at").first()
