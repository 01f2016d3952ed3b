"""A conversation goes to a person: asked for, taken, written in, given back, ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.assistant.actions import contacts
from parvis.assistant.actions.turns import say
from parvis.assistant.events import HandoverMoved
from parvis.assistant.models import Conversation, Duty, Handover, Turn
from parvis.assistant.queries import handing as queries
from parvis.assistant.queries import house
from parvis.assistant.queries.contacts import topic_of
from parvis.assistant.rules import handing as rules
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.contacts.models import Contact, Outcome
from parvis.knowledge import queries as knowledge
from parvis.organisations.models import Topic

LONGEST = 4000  # letters of one message
MOST_TURNS = 600
State, Author, Kind = Handover.State, Turn.Author, Turn.Kind
ENDINGS = (
    Outcome.RESOLVED, Outcome.PASSED_ON, Outcome.APPOINTMENT_MADE, Outcome.OTHER_AUTHORITY,
    Outcome.ABANDONED,
)  # fmt: skip


@transaction.atomic
def ask_for_person(conversation: Conversation, *, now: datetime) -> Handover:
    """Put the person into the line for a live conversation; asking again changes nothing."""
    conversation = locked(conversation)
    if (already := queries.open_handover(conversation)) is not None:
        return already
    picture = house.house_now(conversation.authority, now)
    if not rules.can_chat(picture, now):
        raise Refused(_("Nobody can answer here at the moment. Here are the other ways."))
    return put_in_line(conversation, asked_at=now, now=now)


def put_in_line(conversation: Conversation, *, asked_at: datetime, now: datetime) -> Handover:
    """One more row of the line; who comes back keeps the hour at which they asked."""
    made = Handover.objects.create(
        conversation=conversation,
        way=Handover.Way.CHAT,
        asked_at=asked_at,
        last_seen_person=now,
    )
    turn_to(conversation, Conversation.State.WAITING)
    _name(conversation)
    if asked_at == now:
        announce(conversation, "asked", now)
    emit(HandoverMoved(made.pk, conversation.authority_id, made.state, now))
    return made


def _name(conversation: Conversation) -> None:
    """What it was about so far, so that whoever reads the line knows."""
    if conversation.topic_id is None and (topic := topic_of(conversation)):
        conversation.topic = topic
        conversation.save(update_fields=["topic"])


@transaction.atomic
def take_next(agent: Agent, *, now: datetime) -> Handover | None:
    """Give the agent who has waited longest; None when nobody waits. Two agents get two people."""
    if queries.mine(agent).count() >= rules.MOST_AT_ONCE:
        raise Refused(_("You hold %(n)s conversations already.") % {"n": rules.MOST_AT_ONCE})
    while (first := queries.waiting_for(agent).first()) is not None:
        if _claim(first, agent, now):
            return _taken(first, agent, now)
    return None


def _claim(handover: Handover, agent: Agent, now: datetime) -> bool:
    # One statement decides: whoever comes second changes no row.
    waiting = Handover.objects.filter(pk=handover.pk, state=State.WAITING)
    return bool(
        waiting.update(state=State.TAKEN, taken_by=agent, taken_at=now, last_seen_agent=now)
    )


def _taken(handover: Handover, agent: Agent, now: datetime) -> Handover:
    handover = Handover.objects.select_related("conversation__authority").get(pk=handover.pk)
    conversation = handover.conversation
    turn_to(conversation, Conversation.State.WITH_AGENT, Conversation.Outcome.HANDED_OVER)
    announce(conversation, "joined", now, agent)
    journal.record(agent, "assistant.conversation_taken", conversation)
    emit(HandoverMoved(handover.pk, conversation.authority_id, handover.state, now))
    return handover


@transaction.atomic
def write_as_person(conversation: Conversation, text: str, *, now: datetime) -> Turn:
    """Write to the agent, or to whoever will come: kept as typed, never read by the assistant."""
    conversation = locked(conversation)
    handover = queries.open_handover(conversation)
    if handover is None:
        raise Refused(_("Nobody reads here any more. Ask for somebody again."), code="over")
    see_person(handover, now=now)
    return _say(conversation, Author.PERSON, _checked(conversation, text), now)


@transaction.atomic
def write_as_agent(
    handover: Handover, text: str, *, agent: Agent, now: datetime, ref: str = ""
) -> Turn:
    """Write to the person, with a link to a published sheet if one is named."""
    handover = held(handover, agent)
    conversation, data = handover.conversation, {}
    if ref.strip():
        sheet = knowledge.public_sheet(conversation.authority, ref.strip().upper())
        if sheet is None:
            raise Refused(_("No published sheet has this reference."), code="no_sheet")
        data = {"sheet": {"ref": sheet.ref, "title": sheet.title}}
        text = text.strip() or _("Here is the sheet about it.")
    see_agent(agent, now=now)
    return _say(conversation, Author.AGENT, _checked(conversation, text), now, agent, data)


@transaction.atomic
def hand_back(handover: Handover, *, agent: Agent, now: datetime) -> Handover:
    """Let the assistant answer again; the person is told."""
    handover = held(handover, agent)
    close(handover, State.ENDED, now)
    turn_to(handover.conversation, Conversation.State.BOT)
    announce(handover.conversation, "back", now, agent)
    journal.record(agent, "assistant.conversation_handed_back", handover.conversation)
    return handover


@transaction.atomic
def end(
    handover: Handover,
    *,
    agent: Agent,
    now: datetime,
    topic: Topic,
    outcome: str,
    note: str = "",
) -> Contact:
    """End the conversation: what it was about and how it ended is one exchange of the log."""
    handover = held(handover, agent)
    if outcome not in ENDINGS:
        raise Refused(_("Say how it ended."), code="outcome")
    contact = log(handover, agent=agent, topic=topic, outcome=outcome, now=now, note=note)
    close(handover, State.ENDED, now)
    turn_to(handover.conversation, Conversation.State.ENDED)
    announce(handover.conversation, "ended", now, agent)
    return contact


@transaction.atomic
def give_up(conversation: Conversation, *, now: datetime) -> None:
    """The person does not want to wait, or leaves: the assistant is there again."""
    conversation = locked(conversation)
    handover = queries.open_handover(conversation)
    if handover is None:
        return
    close(handover, State.GIVEN_UP, now)
    turn_to(conversation, Conversation.State.BOT)
    announce(conversation, "left" if handover.taken_by_id else "no_wait", now)


def log(
    handover: Handover,
    *,
    agent: Agent,
    topic: Topic,
    outcome: str,
    now: datetime,
    note: str = "",
    **more: Any,
) -> Contact:
    """Write the exchange down, with the sheets that were quoted in it."""
    return contacts.write_down(
        handover.conversation,
        topic=topic,
        outcome=outcome,
        now=now,
        began=min(handover.taken_at or handover.asked_at, now),
        agent=agent,
        note=note,
        **more,
    )


def locked(conversation: Conversation) -> Conversation:
    """The conversation as it is now, for one writer at a time."""
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("authority")
    return rows.get(pk=conversation.pk)


def held(handover: Handover, agent: Agent) -> Handover:
    """The hand-over, if it is still this agent's."""
    conversation = locked(handover.conversation)
    rows = Handover.objects.select_related("conversation__authority", "conversation__topic")
    found = rows.filter(pk=handover.pk, conversation=conversation).get()
    if found.state != State.TAKEN or found.taken_by_id != agent.pk:
        raise Refused(_("This conversation is not with you any more."), code="not_yours")
    return found


def close(handover: Handover, state: str, now: datetime) -> None:
    """The hand-over is over, in this way."""
    handover.state, handover.ended_at = state, now
    handover.save(update_fields=["state", "ended_at"])
    emit(HandoverMoved(handover.pk, handover.conversation.authority_id, state, now))


def turn_to(conversation: Conversation, state: str, outcome: str = "") -> None:
    """Who answers from now on."""
    conversation.state = state
    conversation.outcome = outcome or conversation.outcome
    conversation.save(update_fields=["state", "outcome"])


def announce(
    conversation: Conversation,
    what: str,
    now: datetime,
    agent: Agent | None = None,
    **words: str,
) -> Turn:
    """Say what happens, as the house, in the language of the conversation."""
    with translation.override(conversation.language):
        values = {"name": queries.public_name(agent, now), **words}
        text = _sentences()[what] % values
    return _say(conversation, Author.HOUSE, text, now, data={"what": what}, kind=Kind.ANNOUNCEMENT)


def _sentences() -> dict[str, str]:
    return {
        "asked": _("You asked for a person. What was said here goes to them: you need not repeat."),
        "joined": _("%(name)s is here and has read the conversation. The assistant is silent now."),
        "back": _("%(name)s has left. The assistant answers again, automatically."),
        "ended": _("%(name)s has ended the conversation. What was said stays on this page."),
        "no_wait": _("You do not wait any more. The assistant answers again, automatically."),
        "left": _("You left the conversation. The assistant answers again, automatically."),
        "agent_gone": _(
            "The connection of %(name)s is lost. You are at the front of the line; nothing is lost."
        ),
        "person_gone": _(
            "We have not seen you for a while: the conversation is set aside. What was said is"
            " kept; ask for somebody again whenever you like."
        ),
        "nobody": _(
            "Nobody can take the conversation now. What was said is kept. Leave a message or"
            " choose another way below."
        ),
        "closing": _(
            "The house closes at %(hour)s. This conversation may be finished; what cannot be"
            " settled becomes a request followed by a named person."
        ),
        "message": _("Your message has been received under %(reference)s. %(name)s follows it."),
        "call": _("The call is promised under %(reference)s. %(name)s follows it."),
        "case": _("It has become request %(reference)s. %(name)s follows it."),
    }


def _say(
    conversation: Conversation,
    author: str,
    text: str,
    now: datetime,
    agent: Agent | None = None,
    data: Mapping[str, Any] | None = None,
    *,
    kind: str = Kind.MESSAGE,
) -> Turn:
    return say(conversation, author=author, kind=kind, text=text, now=now, agent=agent, data=data)


def _checked(conversation: Conversation, text: str) -> str:
    kept = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not kept:
        raise Refused(_("Write something first."), code="empty")
    if len(kept) > LONGEST:
        raise Refused(_("This message is too long: 4,000 characters at most."), code="too_long")
    if conversation.turns >= MOST_TURNS:
        raise Refused(_("This conversation is very long: let it become a request."), code="long")
    return kept


def see_person(handover: Handover, *, now: datetime, typed: bool = False) -> None:
    """The person's page gave a sign of life."""
    _seen(handover, now, "person", typed=typed)


def see_agent(agent: Agent, *, now: datetime) -> None:
    """The agent's page gave a sign of life: for the duty, and for all that they hold."""
    Duty.objects.filter(agent=agent).update(seen_at=now)
    Handover.objects.filter(taken_by=agent, state=State.TAKEN).update(last_seen_agent=now)


def agent_types(handover: Handover, *, agent: Agent, now: datetime) -> None:
    """The agent touched a key."""
    if handover.taken_by_id == agent.pk:
        _seen(handover, now, "agent", typed=True)


def _seen(handover: Handover, now: datetime, side: str, *, typed: bool) -> None:
    changes: dict[str, Any] = {f"last_seen_{side}": now}
    if typed:
        changes[f"typed_{side}"] = now
    Handover.objects.filter(pk=handover.pk, state__in=Handover.OPEN).update(**changes)
