"""The JSON of the assistant, in the manner of the contract."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.schemas import Text


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


class QuestionOut(Schema):
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
