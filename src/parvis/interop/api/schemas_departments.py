"""The JSON of questions to departments, in the manner of the contract."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.values import Id, ShortText, Text

LevelName = Literal["public", "asked", "internal"]
StateName = Literal["waiting", "answered", "all"]


class NewQuestion(Schema):
    text: Annotated[Text, Field(min_length=1, max_length=500)]
    service: Id = ""
    topic: Id = ""
    sheet: ShortText = ""
    visitor_present: bool = False
    visit: Annotated[Text, Field(max_length=40)] = ""


class NewAnswer(Schema):
    text: Annotated[Text, Field(min_length=1, max_length=4000)]
    level: LevelName
    sheets: list[Annotated[Text, Field(max_length=40)]] = Field(default_factory=list, max_length=10)


class TrailOut(Schema):
    verb: str
    at: datetime
    step: str | None
    words: str


class QuestionOut(Schema):
    id: Id
    state: str
    text: str
    service: Id
    topic: Id | None
    sheet: str | None
    visitor_present: bool
    visitor_left_at: datetime | None
    asked_at: datetime
    due_at: datetime
    overdue: bool
    step: str
    held: bool
    answer: str | None
    level: str | None
    answered_at: datetime | None
    sheets: list[str]
    reuse_of: Id | None


class QuestionWithTrailOut(QuestionOut):
    trail: list[TrailOut]


class KnownOut(Schema):
    id: Id
    text: str
    answer: str
    level: str
    service: Id
    asked_at: datetime


class KnownListOut(Schema):
    results: list[KnownOut]


class QuestionListOut(Schema):
    questions: list[QuestionOut]
