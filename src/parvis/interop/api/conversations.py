"""One conversation over HTTP, by its secret: read, go on, ask for a person, follow the line.

The secret is the key, as on the page: no token is asked for, and none opens more.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.appointments.queries import offerings
from parvis.assistant import actions, queries, stream
from parvis.assistant.actions import handing as live
from parvis.assistant.actions import looking, messages
from parvis.assistant.models import Conversation, Handover
from parvis.assistant.queries import changes, house, waiting
from parvis.assistant.queries import handing as handovers
from parvis.assistant.rules import handing as rules
from parvis.cases import queries as cases
from parvis.cases.rules import doors
from parvis.common import throttle
from parvis.common.errors import Refused
from parvis.common.http import client_address, full_address
from parvis.interop.api import retries
from parvis.interop.api.assistant import person_of, quoted
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_assistant import AskForPerson, ConversationOut, MessageIn
from parvis.interop.api.values import Misfit
from parvis.organisations.http import published_address
from parvis.organisations.models import Topic

router = ApiRouter(tags=["assistant"])
READS = throttle.Limit("conversation-read", burst=60, seconds=1)
WRITES = throttle.Limit("conversation-write", burst=20, seconds=3)
MISSES = throttle.Limit("conversation-miss", burst=20, seconds=3)
LONGEST = 64
HERE = "assistant/conversations/{secret}"


@router.get(HERE, response=ConversationOut, auth=None, summary="Read a conversation")
def read(request: HttpRequest, secret: str, after: int = 0) -> Any:
    """`secret` is the `conversation` of `POST assistant/questions`; no token is needed.

    `after`: only the turns with a greater number. Reading says that the person is still there: who
    waits reads at least every minute. `events` is a stream (SSE) that says when to read again.
    """
    now, found = timezone.now(), _found(request, secret)
    throttle.take(READS, str(found.pk), now=now)
    if (handover := handovers.open_handover(found)) is not None:
        live.see_person(handover, now=now)
        looking.look_at(handover.pk, now=now)
    return _told(request, secret, now, after=after)


@router.post(
    f"{HERE}/messages",
    response=ConversationOut,
    auth=None,
    summary="Say something",
    keeps_itself=True,
)
def write(request: HttpRequest, secret: str, body: MessageIn) -> Any:
    """To the agent, or to whoever will come; with nobody asked for, the assistant answers.

    The answer holds the turns that are new, the message among them.
    """
    if (told := retries.answered_before(request)) is not None:
        return told
    now, found = timezone.now(), _counted(request, secret)
    before = found.turns

    def within(keep: Callable[[], object]) -> dict[str, Any]:
        def kept() -> dict[str, Any]:
            keep()
            return _told(request, secret, now, after=before)

        return retries.kept_once(request, kept)

    if handovers.open_handover(found) is not None:
        return within(lambda: live.write_as_person(found, body.text, now=now))
    if not queries.settings_of(found.authority).is_on:
        raise Refused(_("The assistant of this authority is switched off."), code="assistant-off")
    return actions.ask_within(found, body.text, within=within, now=now)


@router.post(f"{HERE}/person", response=ConversationOut, auth=None, summary="Ask for a person")
def ask_for_person(request: HttpRequest, secret: str, body: AskForPerson) -> Any:
    """By one of the `ways` of the conversation; asking twice is asking once."""
    now, found = timezone.now(), _counted(request, secret)
    before = found.turns
    with translation.override(found.language):
        if body.way == "chat":
            live.ask_for_person(found, now=now)
        else:
            _leave(found, body, now)
    return _told(request, secret, now, after=before)


@router.post(f"{HERE}/leave", response=ConversationOut, auth=None, summary="Wait no longer")
def leave(request: HttpRequest, secret: str) -> Any:
    """Leave the line, or end the conversation with the agent; the assistant is there again."""
    now, found = timezone.now(), _counted(request, secret)
    before = found.turns
    live.give_up(found, now=now)
    return _told(request, secret, now, after=before)


@transaction.atomic
def _leave(found: Conversation, body: AskForPerson, now: datetime) -> None:
    """A message, or one with the promise of a call at one of the moments that were offered."""
    call = None
    if body.way == "callback":
        offered = {(one.day, one.part) for one in house.moments(found.authority, now)}
        if body.day is None or (body.day, body.part) not in offered:
            raise Refused(_("No call is promised at that moment: choose one of the moments."))
        if not body.phone.strip():
            raise Misfit("phone", _("Give the number to call."))
        call = messages.Call(body.day, body.part)
    topic = _topic(found, body.topic)
    reach = messages.Reach(body.first_name, body.last_name, body.email, body.phone)
    messages.leave_message(found, topic=topic, text=body.text, now=now, reach=reach, call=call)


def _topic(found: Conversation, slug: str) -> Topic:
    topic = house.topics(found.authority).filter(slug=slug).first() if slug else found.topic
    if topic is None:
        raise Misfit("topic", _("Say what it is about: the short name of a topic."))
    return topic


def _found(request: HttpRequest, secret: str) -> Conversation:
    found = handovers.conversation_of(secret) if len(secret) <= LONGEST else None
    if found is None:
        throttle.take(MISSES, client_address(request), now=timezone.now())
        raise Http404(_("There is no conversation at this address."))
    return found


def _counted(request: HttpRequest, secret: str) -> Conversation:
    found = _found(request, secret)
    throttle.take(WRITES, str(found.pk), now=timezone.now())
    return found


def _told(request: HttpRequest, secret: str, now: datetime, *, after: int) -> dict[str, Any]:
    found = _found(request, secret)
    with translation.override(found.language):
        handover = handovers.open_handover(found)
        is_typing = handover is not None and handovers.typing(handover, now, agent=True)
        return {
            "conversation": secret,
            "state": found.state,
            "language": found.language,
            "topic": found.topic.slug if found.topic else None,
            "started_at": found.started_at,
            "last_at": found.last_at,
            "turns": _turns(found, now, after),
            "line": _line(handover, now),
            "agent": handovers.public_name(handover.taken_by, now) if handover else "",
            "typing": is_typing,
            "request": _request(found, now),
            "ways": [] if handover else _ways(found, now),
            "person": person_of(found.authority, queries.turns_of(found)),
            "version": changes.version(changes.CONVERSATION, found.pk, now),
            "events": stream.address(changes.CONVERSATION, found.pk),
            "url": full_address(f"/assistant/{secret}/"),
        }


def _turns(found: Conversation, now: datetime, after: int) -> list[dict[str, Any]]:
    door = published_address(found.authority, "knowledge:search")
    return [
        {
            "number": line.turn.number,
            "author": line.who,
            "name": line.name,
            "at": line.turn.at,
            "kind": line.turn.kind,
            "text": line.turn.text,
            "automatic": line.who in {"assistant", "house"},
            "passages": quoted(line.passages, door),
            "sheets": quoted(line.sheets, door),
        }
        for line in handovers.transcript(found, now)
        if line.turn.number > after
    ]


def _line(handover: Handover | None, now: datetime) -> dict[str, Any] | None:
    if handover is None or handover.state != Handover.State.WAITING:
        return None
    waits = waiting.waits_of(handover, now)
    return {
        "before": waits.before,
        "low_minutes": waits.low,
        "high_minutes": waits.high,
        "somebody_there": waits.is_anybody_there,
    }


def _request(found: Conversation, now: datetime) -> dict[str, str] | None:
    if found.case is None:
        return None
    shown = cases.named_contact(found.case, timezone.localdate(now))
    return {"reference": found.case.reference, "followed_by": shown.name or shown.service}


def _ways(found: Conversation, now: datetime) -> Sequence[dict[str, Any]]:
    authority = found.authority
    picture = house.house_now(authority, now, takes_appointments=offerings(authority).exists())
    moments = [_moment(one) for one in house.moments(authority, now)]
    return [
        {
            "way": offer.way.value,
            "low_minutes": offer.low,
            "high_minutes": offer.high,
            "by": offer.by,
            "moments": moments if offer.way == rules.Way.CALLBACK else [],
        }
        for offer in rules.offers(picture, now)
    ]


def _moment(moment: doors.Moment) -> dict[str, Any]:
    return {"day": moment.day, "part": moment.part, "until": moment.until}
