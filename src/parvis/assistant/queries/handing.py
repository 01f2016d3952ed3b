"""Hand-overs as the two sides read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.assistant.models import Conversation, Handover, Turn
from parvis.assistant.queries import rewording
from parvis.assistant.queries.house import line_of
from parvis.common import codes
from parvis.common.access import Actor
from parvis.organisations import queries as organisations

TYPING = timedelta(seconds=6)
QUIET = timedelta(minutes=2)  # without a sign of the other side, it is said
Author, State = Turn.Author, Handover.State


def conversation_of(secret: str) -> Conversation | None:
    """The conversation whose page has this secret in its address."""
    rows = Conversation.objects.filter(secret_hash=codes.hash_secret(secret))
    return rows.select_related("authority", "topic", "case", "contact").first()


def open_handover(conversation: Conversation) -> Handover | None:
    """The hand-over that is not over yet."""
    rows = conversation.handovers.filter(state__in=Handover.OPEN)
    return rows.select_related("taken_by__entry__service", "taken_by__entry__authority").first()


def mine(agent: Agent) -> QuerySet[Handover]:
    """The conversations that an agent holds, the longest first."""
    rows = Handover.objects.filter(taken_by=agent, state=State.TAKEN)
    return rows.select_related("conversation__topic").order_by("taken_at", "id")


def waiting_for(actor: Agent) -> QuerySet[Handover]:
    """Who waits at the agent's authority, the first to have asked first."""
    return line_of(actor.authority).select_related("conversation__topic")


def for_agent(actor: Actor, pk: int) -> Conversation | None:
    """One conversation of the agent's authority that was handed over."""
    rows = Conversation.objects.visible_to(actor).filter(pk=pk, handovers__isnull=False)
    return rows.select_related("authority", "topic", "case__referent__entry").distinct().first()


def place_of(handover: Handover) -> int:
    """How many people are before this one."""
    line = line_of(handover.conversation.authority)
    earlier = line.filter(asked_at__lt=handover.asked_at).count()
    return earlier + line.filter(asked_at=handover.asked_at, pk__lt=handover.pk).count()


def public_name(agent: Agent | None, now: datetime) -> str:
    """What the person may read of who answers: name, function or service, as was decided."""
    if agent is None or agent.entry is None:
        return agent.display_name if agent else ""
    shown = organisations.shown_name(agent.entry, timezone.localdate(now))
    return shown.name or shown.function or shown.service


def typing(handover: Handover, now: datetime, *, agent: bool) -> bool:
    """Did this side touch a key just now?"""
    at = handover.typed_agent if agent else handover.typed_person
    return at is not None and now - at < TYPING


def is_quiet(seen: datetime | None, now: datetime) -> bool:
    """Has nothing been heard of them for a while?"""
    return seen is None or now - seen > QUIET


@dataclass(frozen=True)
class Line:
    """One turn as a page shows it."""

    turn: Turn
    name: str
    sheets: list[dict[str, str]]
    reworded: Sequence[dict[str, str]] = ()  # what a language model made of the quoted lines

    @property
    def who(self) -> str:
        return self.turn.author

    @property
    def passages(self) -> list[dict[str, str]]:
        """The lines of sheets that the assistant quoted."""
        return _dicts(self.turn.data.get("passages"))


def transcript(conversation: Conversation, now: datetime) -> list[Line]:
    """All that was said, in order, with the sheets that were quoted."""
    turns = conversation.said.select_related(
        "agent__entry__service", "agent__entry__authority"
    ).order_by("number")
    reworded = rewording.texts_of(turns)
    return [
        Line(turn, public_name(turn.agent, now), sheets_of(turn), reworded.get(turn.pk, ()))
        for turn in turns
    ]


def sheets_of(turn: Turn) -> list[dict[str, str]]:
    """The sheets that a turn names: ``ref`` and ``title``, each once."""
    data = turn.data
    named = [data.get("sheet"), *_dicts(data.get("sheets")), *_dicts(data.get("closest"))]
    named += _dicts(data.get("passages"))
    found: dict[str, dict[str, str]] = {}
    for one in named:
        if isinstance(one, dict) and one.get("ref"):
            found.setdefault(str(one["ref"]), {"ref": one["ref"], "title": one.get("title", "")})
    return list(found.values())


def refs_quoted(conversation: Conversation) -> list[str]:
    """The references of the sheets that answered or were sent, each once."""
    kinds = [
        Turn.Kind.ANSWER, Turn.Kind.STRUCTURED, Turn.Kind.ASKS_BACK, Turn.Kind.MESSAGE,
    ]  # fmt: skip
    turns = conversation.said.filter(kind__in=kinds).order_by("number")
    return list(dict.fromkeys(one["ref"] for turn in turns for one in sheets_of(turn)))


def _dicts(value: object) -> list[dict[str, str]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
