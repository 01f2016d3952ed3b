"""The assistant over HTTP: a question in, quoted lines out, and always a person."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.assistant import actions, queries
from parvis.assistant.models import Conversation, Turn
from parvis.assistant.queries import rewording
from parvis.assistant.queries.opening import opening_words
from parvis.common import throttle
from parvis.common.errors import Refused
from parvis.common.http import full_address
from parvis.interop.api import retries
from parvis.interop.api.auth import ApiRequest, need
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_assistant import AssistantOut, QuestionIn
from parvis.organisations.http import published_address
from parvis.organisations.models import Authority, Service

router = ApiRouter(tags=["assistant"])
# One program asks for many people.
QUESTIONS = throttle.Limit("assistant-api", burst=600, seconds=0.1)
ZONE = ZoneInfo("Europe/Paris")


@router.post(
    "assistant/questions", response=AssistantOut, summary="Ask the assistant", keeps_itself=True
)
def ask(request: ApiRequest, body: QuestionIn) -> Any:
    """`answered` false says so, and offers the person. `conversation` goes on from before.

    `rewordings` are `passages` in the words of the language model that the authority chose, if it
    chose one, checked against them: show them as reworded automatically, with `passages` below.
    They are those that were ready when the answer was kept: the plain answer never waits long.
    """
    agent = need(request, "knowledge.read")
    if (before := retries.answered_before(request)) is not None:
        return before
    now = timezone.now()
    throttle.take(QUESTIONS, str(agent.pk), now=now)
    if not queries.settings_of(agent.authority).is_on:
        raise Refused(_("The assistant of this authority is switched off."), code="assistant-off")
    secret = body.conversation
    if not secret:
        return _begun(request, agent, body, now)
    found = queries.by_secret(secret)
    if found is None or found.authority_id != agent.authority_id:
        raise Http404

    def within(keep: Callable[[], list[Turn]]) -> dict[str, Any]:
        return retries.kept_once(request, lambda: _said(agent, body, secret, keep()))

    return actions.ask_within(found, body.question, within=within, now=now, language=body.language)


def _begun(request: ApiRequest, agent: Agent, body: QuestionIn, now: datetime) -> dict[str, Any]:
    def tell(started: actions.Started) -> dict[str, Any]:
        return _said(agent, body, started.secret, started.turns)

    return actions.begin_within(
        agent.authority,
        body.question,
        within=lambda keep: retries.kept_once(request, lambda: tell(keep())),
        now=now,
        place=Conversation.Place.API,
        language=body.language,
    )


def _said(agent: Agent, body: QuestionIn, secret: str, turns: Sequence[Turn]) -> dict[str, Any]:
    with translation.override(body.language):
        return _told(agent.authority, secret, turns)


def _told(authority: Authority, secret: str, turns: Sequence[Turn]) -> dict[str, Any]:
    replies = turns[1:]
    door = published_address(authority, "knowledge:search")
    asks = next((turn.data["asks"] for turn in replies if turn.data.get("asks")), None)
    return {
        "conversation": secret,
        "answered": any(turn.kind in actions.ANSWERED for turn in replies),
        "kinds": [turn.kind for turn in replies],
        "text": "\n".join(turn.text for turn in replies),
        "automatic": True,
        "passages": _passages(replies, door),
        "rewordings": _reworded(replies, door),
        "closest": quoted(_each(replies, "closest"), door),
        "facts": _each(replies, "facts"),
        "documents": _each(replies, "documents"),
        "asks": asks and _asks(asks),
        "urgent": _each(replies, "numbers"),
        "masked": turns[0].data.get("masked", []),
        "person": person_of(authority, replies),
        "url": full_address(f"/assistant/{secret}/"),
    }


def _each(turns: Iterable[Turn], name: str) -> list[Any]:
    return [one for turn in turns for one in turn.data.get(name, [])]


def _passages(turns: Sequence[Turn], door: str) -> list[dict[str, str]]:
    """The sheet that answers first, then those that came near, each once; then what is left."""
    own, others = _each(turns, "passages"), _each(turns, "others")
    first: dict[str, dict[str, Any]] = {}
    for one in [*own, *others]:
        first.setdefault(one["ref"], one)
    rest = [one for one in own if one is not first[one["ref"]]]
    return quoted([*first.values(), *rest], door)


def quoted(rows: Iterable[dict[str, Any]], door: str) -> list[dict[str, str]]:
    """Lines of sheets with the addresses at which these are read."""
    return [
        {
            "ref": row["ref"],
            "title": row["title"],
            "quote": row.get("quote", row.get("passage", "")),
            "url": f"{door}{row['ref']}/",
            "language": row.get("language", "fr"),
        }
        for row in rows
    ]


def _reworded(turns: Sequence[Turn], door: str) -> list[dict[str, str]]:
    """What a language model made of the passages, if the authority has one and it has answered."""
    texts = rewording.texts_of(turns)
    return [
        {**one, "url": f"{door}{one['ref']}/"} for turn in turns for one in texts.get(turn.pk, ())
    ]


def _asks(asks: dict[str, Any]) -> dict[str, Any]:
    choices = [{"value": value, "words": words} for value, words in asks["choices"]]
    return {"title": asks["title"], "choices": choices}


def person_of(authority: Authority, turns: Iterable[Turn]) -> dict[str, Any]:
    """The service of the sheet that answered, else the house; and when its telephone answers."""
    now = timezone.now()
    names = [turn.data["sheet"]["service"] for turn in turns if "sheet" in turn.data]
    named = [name for name in names if name]
    rows = Service.objects.filter(authority=authority, is_active=True)
    service = next((one for one in rows if named and one.label == named[0]), None)
    state = queries.phone_state(authority, now)
    return {
        "service": service.label if service else authority.name,
        "phone": (service.phone if service else "") or authority.phone,
        "hours": opening_words(state, ZONE, now) if state else "",
        "open_now": state.open if state else None,
        "next_opening": state.next_opening if state else None,
    }
