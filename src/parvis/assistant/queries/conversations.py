"""Conversations as pages and agents read them."""

from collections.abc import Iterable
from datetime import datetime

from parvis.assistant.models import Conversation, Setup, Turn
from parvis.assistant.queries.answering import Talk
from parvis.assistant.queries.deciding import weights_of
from parvis.assistant.rules.words import folded
from parvis.common import codes
from parvis.common.access import Actor
from parvis.organisations.models import Authority


def by_secret(secret: str) -> Conversation | None:
    """The conversation whose page has this secret in its address."""
    rows = Conversation.objects.filter(secret_hash=codes.hash_secret(secret))
    return rows.select_related("authority", "topic", "site").first()


def for_agent(actor: Actor, pk: int) -> Conversation | None:
    """One conversation of the agent's authority."""
    rows = Conversation.objects.visible_to(actor).filter(pk=pk)
    return rows.select_related("authority", "topic", "site", "reviewed_by__entry").first()


def turns_of(conversation: Conversation) -> list[Turn]:
    """Everything that was said, in order."""
    return list(conversation.said.select_related("agent__entry").order_by("number"))


def settings_of(authority: Authority) -> Setup:
    """How the authority wants its assistant; the defaults, not saved, as long as nobody chose."""
    return Setup.objects.filter(authority=authority).first() or Setup(authority=authority)


def threshold_of(authority: Authority) -> float:
    """How sure it must be to answer: as the authority chose, else as it was fitted."""
    chosen = settings_of(authority).threshold
    return weights_of(authority.pk).answer if chosen is None else chosen


def talk_of(conversation: Conversation, *, now: datetime) -> Talk:
    """What the next answer needs of what was said before."""
    turns = list(conversation.said.order_by("number")) if conversation.pk else []
    ref, before = _last_subject(turns)
    return Talk(
        authority=conversation.authority,
        now=now,
        threshold=threshold_of(conversation.authority),
        language=conversation.language,
        topics=(conversation.topic_id,) if conversation.topic_id else (),
        ref=ref,
        before=before,
        ways={way["ref"]: way["answers"] for t in turns if (way := t.data.get("way"))},
        known={
            folded(said["title"]): folded(said["words"])
            for t in turns
            if (said := t.data.get("chosen"))
        },
        asked=frozenset((asks["ref"], asks["key"]) for t in turns if (asks := t.data.get("asks"))),
    )


def _last_subject(turns: Iterable[Turn]) -> tuple[str, str]:
    ref = before = ""
    for turn in turns:
        if turn.author == Turn.Author.ASSISTANT and "sheet" in turn.data:
            ref = str(turn.data["sheet"]["ref"])
            before = str(turn.data.get("question") or before)
        elif turn.kind in {Turn.Kind.CLOSEST, Turn.Kind.NONE}:
            ref, before = "", str(turn.data.get("question") or before)
    return ref, before
