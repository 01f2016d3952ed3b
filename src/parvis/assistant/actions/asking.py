"""A message comes in: it is masked, kept, and answered by the assistant or left to a person."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.assistant import queries, rules
from parvis.assistant.actions.rewording import rephrased
from parvis.assistant.actions.turns import Started, new, say
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
T = TypeVar("T")
ANSWERED = frozenset({Turn.Kind.ANSWER, Turn.Kind.STRUCTURED, Turn.Kind.ASKS_BACK})


@dataclass(frozen=True)
class Prepared:
    """What will be kept of a message and its replies; made before anything is written."""

    before: tuple[int, str]  # turns and state of the conversation that was read
    said: dict[str, Any]  # kind, text and data of what the person says
    replies: Sequence[Reply] = ()
    looked_for: Sequence[Reply] = ()  # every question that was looked for, told or not


class Moved(Refused):
    """Something else was said while the replies were made."""


def begin(authority: Authority, text: str, *, now: datetime, **kwargs: Any) -> Started:
    """Begin a conversation with its first question; without one nothing begins."""
    return begin_within(authority, text, within=_at_once, now=now, **kwargs)


def begin_within(
    authority: Authority,
    text: str,
    *,
    within: Callable[[Callable[[], Started]], T],
    now: datetime,
    **kwargs: Any,
) -> T:
    """The same; ``within`` says in what it is kept: under a key of a form, of another program."""
    drawn = new(authority, now=now, **kwargs)
    prepared = prepare(drawn.conversation, text, now=now)

    @transaction.atomic
    def keep() -> Started:
        drawn.conversation.save(force_insert=True)
        return replace(drawn, turns=tuple(_keep(drawn.conversation, prepared, now=now)))

    return within(keep)


def ask(conversation: Conversation, text: str, *, now: datetime, language: str = "") -> list[Turn]:
    """Say what the person says, and what the assistant answers; with an agent it is silent."""
    return ask_within(conversation, text, within=_at_once, now=now, language=language)


def ask_within(
    conversation: Conversation,
    text: str,
    *,
    within: Callable[[Callable[[], list[Turn]]], T],
    now: datetime,
    language: str = "",
) -> T:
    """The same, kept within something of the caller's."""

    def once() -> T:
        prepared = prepare(conversation, text, now=now, language=language)
        return within(lambda: keep(conversation, prepared, now=now))

    return _twice(once)


def choose(
    conversation: Conversation, *, ref: str, key: str, value: str, now: datetime, language: str = ""
) -> list[Turn]:
    """The person answers a question of a sheet; "0" is "I do not know"."""
    given = {"ref": ref, "key": key, "value": value, "language": language}
    return choose_within(conversation, within=_at_once, now=now, **given)


def choose_within(
    conversation: Conversation,
    *,
    within: Callable[[Callable[[], list[Turn]]], T],
    now: datetime,
    **given: str,
) -> T:
    """The same, kept within something of the caller's."""

    def once() -> T:
        prepared = prepare_choice(conversation, now=now, **given)
        return within(lambda: keep(conversation, prepared, now=now))

    return _twice(once)


def prepare(
    conversation: Conversation, text: str, *, now: datetime, language: str = ""
) -> Prepared:
    """Read, search and find words for a message; nothing is written, and no lock is held."""
    before = _read(conversation, language)
    text = "\n".join(filter(None, map(one_line, text[: 5 * LONGEST].splitlines())))
    if not text:
        raise Refused(_("Write your question."))
    # Before anything else: what identifies somebody is in no table, no index and no log.
    masked = rules.masked(text[: 2 * LONGEST])
    kept = masked.text[:LONGEST]
    data: dict[str, Any] = {"masked": list(masked.kinds)} if masked.kinds else {}
    if conversation.state != Conversation.State.BOT:
        return Prepared(before, {"kind": Turn.Kind.MESSAGE, "text": kept, "data": data})
    looked_for: list[Reply] = []
    with translation.override(conversation.language):
        replies = _replies(conversation, kept, looked_for, now=now)
    said = {"kind": Turn.Kind.QUESTION, "text": kept, "data": data}
    return _worded(conversation, Prepared(before, said, replies, looked_for), now=now)


def prepare_choice(
    conversation: Conversation, *, ref: str, key: str, value: str, now: datetime, language: str = ""
) -> Prepared:
    """Read the sheet with one more of its questions answered; nothing is written."""
    before = _read(conversation, language)
    turn = _asked(conversation, ref, key)
    asks = turn.data["asks"]
    with translation.override(conversation.language):
        words = dict(map(tuple, asks["choices"])).get(value) or (
            _("I do not know") if value == "0" else ""
        )
        if not words:
            raise Refused(_("Choose one of the answers."))
        talk = queries.talk_of(conversation, now=now)
        answers = {**talk.ways.get(ref, {}), "v": str(turn.data["way"]["version"]), key: value}
        given = answering.chosen(ref, answers, str(turn.data.get("question", "")), talk)
    chosen = {"title": asks["title"], "words": words, "ref": ref, "key": key}
    said = {"kind": Turn.Kind.QUESTION, "text": words, "data": {"chosen": chosen}}
    return _worded(conversation, Prepared(before, said, [given]), now=now)


def _worded(conversation: Conversation, prepared: Prepared, *, now: datetime) -> Prepared:
    """The replies as they are told: the one place between "made" and "kept", without a lock."""
    return replace(prepared, replies=rephrased(conversation, prepared.replies, now=now))


@transaction.atomic
def keep(conversation: Conversation, prepared: Prepared, *, now: datetime) -> list[Turn]:
    """Write down what was prepared, unless something else was said meanwhile."""
    language = conversation.language
    rows = Conversation.objects.select_for_update().filter(pk=conversation.pk)
    found = rows.values_list("turns", "state", "language").get()
    if found[:2] != prepared.before:
        raise Moved(_("Something else was said meanwhile. Read it, and send your message again."))
    if found[2] != language:  # from now on in the language that the person reads
        rows.update(language=language)
    return _keep(conversation, prepared, now=now)


def _keep(conversation: Conversation, prepared: Prepared, *, now: datetime) -> list[Turn]:
    turns = [say(conversation, author="person", now=now, **prepared.said)]
    for one in prepared.looked_for:
        _remember(conversation, one, now=now)
    turns += [_answer(conversation, one, now=now) for one in prepared.replies]
    if len(turns) > 1:
        _settle(conversation, turns)
    return turns


def _at_once(keep: Callable[[], T]) -> T:
    return keep()


def _twice(once: Callable[[], T]) -> T:
    """Once more when the conversation has moved on; then it is said in words."""
    try:
        return once()
    except Moved:
        return once()


def _read(conversation: Conversation, language: str) -> tuple[int, str]:
    """The conversation as it stands now: what is prepared is prepared for this."""
    if conversation.pk is not None:
        conversation.refresh_from_db(fields=["turns", "state", "language", "last_at", "outcome"])
    if conversation.state == Conversation.State.ENDED:
        raise Refused(_("This conversation is over. Begin another one."))
    if conversation.turns >= MOST_TURNS:
        raise Refused(_("This conversation is very long. A person will help you better."))
    if language in LANGUAGES:
        conversation.language = language
    return conversation.turns, conversation.state


def _asked(conversation: Conversation, ref: str, key: str) -> Turn:
    """The turn that put this question last."""
    for turn in conversation.said.filter(kind=Turn.Kind.ASKS_BACK).order_by("-number"):
        asks = turn.data.get("asks") or {}
        if asks.get("ref") == ref and asks.get("key") == key:
            return turn
    raise Refused(_("This question is no longer open."))


def _replies(
    conversation: Conversation, text: str, looked_for: list[Reply], *, now: datetime
) -> list[Reply]:
    if found := rules.urgent(text, conversation.language):
        # Violence has sheets as well; who is ill or wants to die needs no sheet.
        more: list[Reply] = []
        if found.kind in WITH_SHEETS:
            more = _of_sheets(conversation, text, looked_for, now=now)
        return [_urgent(found), *(one for one in more if one.kind in ANSWERED)]
    if rules.is_greeting(text):
        return [Reply("announcement", _("Hello. Ask your question in your own words."))]
    if rules.wants_person(text):
        words = _("Of course. Here is how to speak to someone:")
        return [Reply("announcement", words, {"person": True})]
    if rules.asks_of_others(text):
        return [_no_request()]
    if rules.asks_progress(text):
        # Only what is asked besides is looked for: "my request" alone is in any sheet.
        besides = rules.besides_progress(text)
        given = _of_sheets(conversation, besides, looked_for, now=now) if besides else []
        return [*(one for one in given if one.kind in ANSWERED), _no_request()]
    return _of_sheets(conversation, text, looked_for, now=now)


def _of_sheets(
    conversation: Conversation, text: str, looked_for: list[Reply], *, now: datetime
) -> list[Reply]:
    talk = queries.talk_of(conversation, now=now)
    if conversation.pk and (again := _as_choice(conversation, text)) is not None:
        ref, key, value, turn = again
        answers = {**talk.ways.get(ref, {}), "v": str(turn.data["way"]["version"]), key: value}
        return [answering.chosen(ref, answers, str(turn.data.get("question", "")), talk)]
    given: list[Reply] = []
    for part in rules.parts_in(text.lower() if text.isupper() else text):
        one = answering.reply(part, talk)
        looked_for.append(replace(one, question=part))
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


def _remember(conversation: Conversation, one: Reply, *, now: datetime) -> None:
    if one.found is None:
        return
    # The words of each question, masked once more, for the list of what is lacking.
    remember(
        conversation.authority_id,
        one.question,
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
