"""Whether anything changed in a conversation, or in the line of an authority: two queries."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from zlib import crc32

from parvis.assistant.models import Conversation, Handover
from parvis.assistant.queries.handing import typing

CONVERSATION, LINE = "conversation", "line"


class Watched(NamedTuple):
    """What somebody looks at: ``conversation`` or ``line``, and its id."""

    kind: str
    pk: int


def version(kind: str, pk: int, now: datetime) -> str:
    """What the page shows that is drawn now."""
    watched = Watched(kind, pk)
    return versions([watched], now).get(watched, "")


def versions(watched: Collection[Watched], now: datetime) -> dict[Watched, str]:
    """A mark of each that changes with what its page shows."""
    talks = [one.pk for one in watched if one.kind == CONVERSATION]
    lines = [one.pk for one in watched if one.kind == LINE]
    found = {Watched(CONVERSATION, pk): mark for pk, mark in _of_talks(talks, now).items()}
    return found | {Watched(LINE, pk): mark for pk, mark in _of_lines(lines).items()}


def _of_talks(pks: Collection[int], now: datetime) -> dict[int, str]:
    if not pks:
        return {}
    rows = Conversation.objects.filter(pk__in=pks).values_list("pk", "turns", "state")
    types: dict[int, str] = {}
    for one in Handover.objects.filter(conversation__in=pks, state__in=Handover.OPEN):
        sides = (typing(one, now, agent=True), typing(one, now, agent=False))
        types[one.conversation_id] = "".join("t" if side else "-" for side in sides)
    return {pk: f"{turns}{state}{types.get(pk, '')}" for pk, turns, state in rows}


def _of_lines(pks: Collection[int]) -> dict[int, str]:
    if not pks:
        return {}
    told: dict[int, list[tuple[int, str, int]]] = {pk: [] for pk in pks}
    rows = Handover.objects.filter(
        conversation__authority__in=pks, state__in=Handover.OPEN, way=Handover.Way.CHAT
    ).values_list("conversation__authority_id", "pk", "state", "conversation__turns")
    for authority, pk, state, turns in rows.order_by("pk"):
        told[authority].append((pk, state, turns))
    return {pk: f"l{crc32(repr(rows).encode())}" for pk, rows in told.items()}
