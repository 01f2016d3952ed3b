"""A message comes in: it is masked, kept, and answered by the assistant or left to a person."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.assistant import queries, rules
from parvis.assistant.actions.turns import Started, say, start
from parvis.assistant.models import Conversation, Turn
from parvis.assistant.queries import Reply, Talk, answering
from parvis.assistant.rules.words import folded
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge.models import Searched
from parvis.knowledge.remembering import remember
from parvis.organisations.models import Authority

LONGEST = 2000  # letters kept of a message; a longer one is a letter for a person
MOST_TURNS = 200
LANGUAGES = frozenset(settings.VISITOR_LANGUAGES)
WITH_SHEETS = frozenset({"violence", "child", "shelter"})
ANSWERED = frozenset({Turn.Kind.ANSWER, Turn.Kind.STRUCTURED, Turn.Kind.ASKS_BACK})


@transaction.atomic
def begin(authority: Authority, text: str, *, now: datetime, **kwargs: Any) -> Started:
    """Begin a conversation with its first question; without one nothing begins."""
    started = start(authority, now=now, **kwargs)
    ask(started.conversation, text, now=now)
    return started


@transaction.atomic
def ask(conversation: Conversation, text: str, *, now: datetime, language: str = "") -> list[Turn]:
    """Say what the person says, and what the assistant answers; with an agent it is silent."""
    _check(conversation)
    _speak(conversation, language)
    text = "\n".join(filter(None, map(one_line, text[: 5 * LONGEST].splitlines())))
    if not text:
        raise Refused(_("Write your question."))
    # Before anything else: what identifies somebody is in no table, no index and no log.
    masked = rules.masked(text[: 2 * LONGEST])
    kept = masked.text[:LONGEST]
    data: dict[str, Any] = {"masked": list(masked.kinds)} if masked.kinds else {}
    is_silent = conversation.state != Conversation.State.BOT
    kind = Turn.Kind.MESSAGE if is_silent else Turn.Kind.QUESTION
    turns = [say(conversation, author="person", kind=kind, text=kept, now=now, data=data)]
    if is_silent:
        return turns
    with translation.override(conversation.language):
        replies = _replies(conversation, kept, now=now)
    turns += [_answer(conversation, one, now=now) for one in replies]
    _settle(conversation, turns)
    return turns


@transaction.atomic
def choose(
    conversation: Conversation, *, ref: str, key: str, value: str, now: datetime, language: str = ""
) -> list[Turn]:
    """The person answers a question of a sheet; "0" is "I do not know"."""
    _check(conversation)
    _speak(conversation, language)
    turn = _asked(conversation, ref, key)
    asks = turn.data["asks"]
    with translation.override(conversation.language):
        words = dict(map(tuple, asks["choices"])).get(value) or (
            _("I do not know") if value == "0" else ""
        )
        if not words:
            raise Refused(_("Choose one of the answers."))
        said = {"chosen": {"title": asks["title"], "words": words, "ref": ref, "key": key}}
        turns = [
            say(conversation, author="person", kind="question", text=words, now=now, data=said)
        ]
        talk = queries.talk_of(conversation, now=now)
        answers = {**talk.ways.get(ref, {}), "v": str(turn.data["way"]["version"]), key: value}
        given = answering.chosen(ref, answers, str(turn.data.get("question", "")), talk)
    turns.append(_answer(conversation, given, now=now))
    _settle(conversation, turns)
    return turns


def _check(conversation: Conversation) -> None:
    if conversation.state == Conversation.State.ENDED:
        raise Refused(_("This conversation is over. Begin another one."))
    if conversation.turns >= MOST_TURNS:
        raise Refused(_("This conversation is very long. A person will help you better."))


def _speak(conversation: Conversation, language: str) -> None:
    """From now on in the language that the person reads."""
    if language in LANGUAGES and language != conversation.language:
        conversation.language = language
        conversation.save(update_fields=["language"])


def _asked(conversation: Conversation, ref: str, key: str) -> Turn:
    """The turn that put this question last."""
    for turn in conversation.said.filter(kind=Turn.Kind.ASKS_BACK).order_by("-number"):
        asks = turn.data.get("asks") or {}
        if asks.get("ref") == ref and asks.get("key") == key:
            return turn
    raise Refused(_("This question is no longer open."))


def _replies(conversation: Conversation, text: str, *, now: datetime) -> list[Reply]:
    if found := rules.urgent(text, conversation.language):
        # Violence has sheets as well; who is ill or wants to die needs no sheet.
        more = _of_sheets(conversation, text, now=now) if found.kind in WITH_SHEETS else []
        return [_urgent(found), *(one for one in more if one.kind in ANSWERED)]
    if rules.is_greeting(text):
        return [Reply("announcement", _("Hello. Ask your question in your own words."))]
    if rules.wants_person(text):
        words = _("Of course. Here is how to speak to someone:")
        return [Reply("announcement", words, {"person": True})]
    if rules.asks_of_others(text):
        return [_no_request()]
    given = _of_sheets(conversation, text, now=now)
    if rules.asks_progress(text):
        answered = [one for one in given if one.kind in ANSWERED]
        return [*answered, _no_request()]
    return given


def _of_sheets(conversation: Conversation, text: str, *, now: datetime) -> list[Reply]:
    talk = queries.talk_of(conversation, now=now)
    if (again := _as_choice(conversation, text)) is not None:
        ref, key, value, turn = again
        answers = {**talk.ways.get(ref, {}), "v": str(turn.data["way"]["version"]), key: value}
        return [answering.chosen(ref, answers, str(turn.data.get("question", "")), talk)]
    given: list[Reply] = []
    for part in rules.parts_in(text.lower() if text.isupper() else text):
        one = answering.reply(part, talk)
        _remember(conversation, part, one, now=now)
        given.append(one)
        talk = _after(talk, one)
    return _together(given)


def _no_request() -> Reply:
    words = _(
        "I cannot see anybody’s request. With the code or the link on your receipt you follow "
        "your own; a person can look for it with you."
    )
    return Reply("announcement", words, {"person": True, "follow": True})


def _urgent(found: rules.Urgent) -> Reply:
    words = _("If somebody is in danger now, call. These numbers are free; a person answers.")
    data = {"urgent": found.kind, "numbers": [asdict(one) for one in found.numbers], "person": True}
    return Reply("urgent", words, data)


def _as_choice(conversation: Conversation, text: str) -> tuple[str, str, str, Turn] | None:
    """The words of a choice, typed instead of chosen, right after the question was put."""
    last = conversation.said.exclude(author="person").order_by("-number").first()
    asks = last.data.get("asks") if last else None
    if last is None or not asks:
        return None
    said = folded(text)
    for value, words in [*asks["choices"], ["0", _("I do not know")]]:
        if said == folded(words):
            return asks["ref"], asks["key"], value, last
    return None


def _after(talk: Talk, one: Reply) -> Talk:
    """What the next question of the same message may go on from."""
    sheet, way, asks = (one.data.get(name) for name in ("sheet", "way", "asks"))
    if sheet is None:
        return replace(talk, before=one.question or talk.before)
    return replace(
        talk,
        ref=sheet["ref"],
        before=one.question or talk.before,
        ways={**talk.ways, **({way["ref"]: way["answers"]} if way else {})},
        asked=talk.asked | ({(asks["ref"], asks["key"])} if asks else set()),
    )


def _together(given: list[Reply]) -> list[Reply]:
    """Of several questions, those without an answer are told in one turn."""
    answered = [one for one in given if one.kind in ANSWERED]
    return answered + [one for one in given if one.kind not in ANSWERED][: 1 if answered else 2]


def _remember(conversation: Conversation, part: str, one: Reply, *, now: datetime) -> None:
    if one.found is None:
        return
    # The words of each question, masked once more, for the list of what is lacking.
    remember(
        conversation.authority_id,
        part,
        one.found,
        place=Searched.Place.PUBLIC,
        secret=f"{conversation.secret_hash[:24]}{conversation.turns:08d}",
        sender=conversation.secret_hash[:24],
        now=now,
    )


def _answer(conversation: Conversation, one: Reply, *, now: datetime) -> Turn:
    data = {**one.data, **({"question": one.question} if one.question else {})}
    return say(conversation, author="assistant", kind=one.kind, text=one.text, now=now, data=data)


def _settle(conversation: Conversation, turns: list[Turn]) -> None:
    """How the conversation stands for the figures; once handed over it stays so."""
    if conversation.outcome == Conversation.Outcome.HANDED_OVER:
        return
    if any(turn.kind in ANSWERED for turn in turns):
        conversation.outcome = Conversation.Outcome.CONTAINED
    elif not conversation.outcome and any(turn.kind in {"closest", "none"} for turn in turns):
        conversation.outcome = Conversation.Outcome.ABANDONED
    conversation.save(update_fields=["outcome"])
