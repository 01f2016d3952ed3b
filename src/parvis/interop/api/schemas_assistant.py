"""The JSON of the assistant, in the manner of the contract."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.values import Day, Email, Text


class QuestionIn(Schema):
    question: Annotated[Text, Field(min_length=1, max_length=20_000)]
    conversation: Annotated[Text, Field(max_length=64)] | None = None
    language: Literal["fr", "en"] = "fr"


class PassageOut(Schema):
    """Lines of a sheet, letter by letter."""

    ref: str
    title: str
    quote: str
    url: str
    language: str


class RewordingOut(Schema):
    """The passages of a sheet in the words of a language model, checked against them."""

    ref: str
    title: str
    text: str
    url: str


class FactOut(Schema):
    """A place with its hours, from the tables."""

    title: str
    text: str
    address: str
    phone: str


class ChoiceOut(Schema):
    value: str
    words: str


class AsksOut(Schema):
    """A question of the sheet; answer it with the words of a choice."""

    title: str
    choices: list[ChoiceOut]


class NumberOut(Schema):
    number: str
    words: str


class PersonOut(Schema):
    """Who answers when the assistant does not, and when."""

    service: str
    phone: str
    hours: str
    open_now: bool | None
    next_opening: datetime | None


class AssistantOut(Schema):
    conversation: str
    answered: bool
    kinds: list[str]
    text: str
    automatic: bool
    passages: list[PassageOut]
    rewordings: list[RewordingOut]
    closest: list[PassageOut]
    facts: list[FactOut]
    documents: list[str]
    asks: AsksOut | None
    urgent: list[NumberOut]
    masked: list[str]
    person: PersonOut
    url: str


class TurnOut(Schema):
    """Something said: by `person`, `assistant`, `agent` or `house` (an announcement)."""

    number: int
    author: str
    name: str
    at: datetime
    kind: str
    text: str
    automatic: bool
    passages: list[PassageOut]
    sheets: list[PassageOut]


class LineOut(Schema):
    """The place in the line, as long as somebody waits."""

    before: int
    low_minutes: int
    high_minutes: int
    somebody_there: bool


class MomentOut(Schema):
    day: date
    part: str
    until: datetime


class WayOut(Schema):
    """A way to a person that is open now; `moments` of a call-back."""

    way: str
    low_minutes: int | None
    high_minutes: int | None
    by: datetime | None
    moments: list[MomentOut]


class RequestOut(Schema):
    """The request that came of the conversation, and who follows it."""

    reference: str
    followed_by: str


class ConversationOut(Schema):
    conversation: str
    state: str
    language: str
    topic: str | None
    started_at: datetime
    last_at: datetime
    turns: list[TurnOut]
    line: LineOut | None
    agent: str
    typing: bool
    request: RequestOut | None
    ways: list[WayOut]
    person: PersonOut
    version: str
    events: str
    url: str


class MessageIn(Schema):
    text: Annotated[Text, Field(min_length=1, max_length=20_000)]


class AskForPerson(Schema):
    """`chat` joins the line; `message` and `callback` open a request followed by somebody."""

    way: Literal["chat", "message", "callback"]
    topic: Annotated[Text, Field(max_length=50)] = ""
    text: Annotated[Text, Field(max_length=2500)] = ""
    first_name: Annotated[Text, Field(max_length=80)] = ""
    last_name: Annotated[Text, Field(max_length=80)] = ""
    email: Email = ""
    phone: Annotated[Text, Field(max_length=24)] = ""
    day: Day | None = None
    part: Annotated[Text, Field(max_length=10)] = ""
