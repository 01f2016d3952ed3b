"""Nobody waits for somebody who is gone, and closing time comes as no surprise."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.formats import time_format

from parvis.assistant.actions import contacts, handing
from parvis.assistant.models import Conversation, Handover, Turn
from parvis.assistant.queries import house
from parvis.assistant.rules.handing import Fate, House, Open, fate, should_tell_closing
from parvis.contacts.models import Outcome
from parvis.organisations.models import Authority

State = Handover.State


def look_after(*, now: datetime, authority: Authority | None = None) -> int:
    """Look after every open hand-over; returns how many went on in another way."""
    rows = Handover.objects.filter(state__in=Handover.OPEN, way=Handover.Way.CHAT)
    if authority is not None:
        rows = rows.filter(conversation__authority=authority)
    open_ones = list(rows.order_by("asked_at", "id").values_list("pk", flat=True))
    return sum(not look_at(pk, now=now) for pk in open_ones)


@transaction.atomic
def look_at(handover_id: int, *, now: datetime) -> bool:
    """Let one hand-over go its way; False once it is over."""
    found = Handover.objects.filter(pk=handover_id).select_related("conversation").first()
    if found is None:
        return False
    handing.locked(found.conversation)  # one at a time: page, agent and clock
    handover = Handover.objects.select_related(
        "conversation__authority", "conversation__topic", "taken_by__entry__service",
        "taken_by__entry__authority",
    ).get(pk=handover_id)  # fmt: skip
    if handover.state not in Handover.OPEN:
        return False
    picture = house.house_now(handover.conversation.authority, now)
    what = fate(_as_open(handover), picture, now)
    if what == Fate.STAYS:
        _tell_closing(handover, picture, now)
        return True
    _END[what](handover, now)
    return False


def _as_open(handover: Handover) -> Open:
    return Open(
        taken=handover.state == State.TAKEN,
        waits_since=handover.taken_at or handover.asked_at,
        person_seen=handover.last_seen_person or handover.asked_at,
        agent_seen=handover.last_seen_agent,
    )


def _agent_gone(handover: Handover, now: datetime) -> None:
    conversation, agent = handover.conversation, handover.taken_by
    handing.close(handover, State.MISSED, now)
    handing.announce(conversation, "agent_gone", now, agent)
    again = handing.put_in_line(conversation, asked_at=handover.asked_at, now=now)
    Handover.objects.filter(pk=again.pk).update(last_seen_person=handover.last_seen_person)


def _person_gone(handover: Handover, now: datetime) -> None:
    conversation, agent = handover.conversation, handover.taken_by
    topic = contacts.topic_for(conversation)
    if agent is not None and topic is not None:
        handing.log(handover, agent=agent, topic=topic, outcome=Outcome.ABANDONED, now=now)
    handing.close(handover, State.GIVEN_UP, now)
    was_answered = conversation.said.filter(author=Turn.Author.AGENT).exists()
    handing.turn_to(
        conversation,
        Conversation.State.BOT,
        "" if was_answered else Conversation.Outcome.ABANDONED,
    )
    handing.announce(conversation, "person_gone", now)


def _nobody(handover: Handover, now: datetime) -> None:
    handing.close(handover, State.MISSED, now)
    handing.turn_to(handover.conversation, Conversation.State.BOT)
    handing.announce(handover.conversation, "nobody", now)


_END = {Fate.AGENT_GONE: _agent_gone, Fate.PERSON_GONE: _person_gone, Fate.NOBODY: _nobody}


def _tell_closing(handover: Handover, picture: House, now: datetime) -> None:
    """Say once, and before, that the house closes."""
    if handover.closing_told or not should_tell_closing(picture, now):
        return
    Handover.objects.filter(pk=handover.pk).update(closing_told=True)
    with translation.override(handover.conversation.language):
        at = picture.closes_at or now
        hour = time_format(at.astimezone(ZoneInfo(settings.TIME_ZONE)), "TIME_FORMAT")
    handing.announce(handover.conversation, "closing", now, hour=hour)
