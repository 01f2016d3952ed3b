"""The JSON of what lies ready at the desk."""

from datetime import date, datetime
from typing import Annotated, Self

from ninja import Schema
from pydantic import Field, model_validator

from parvis.interop.api.values import Id, ShortText, Text


class SuggestionIn(Schema):
    """A topic, words of what the person says, or both."""

    topic: Id | None = None
    words: Annotated[Text, Field(max_length=2000)] = ""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.topic is None and not self.words:
            raise ValueError("give a topic, words, or both")
        return self


class SuggestedSheetOut(Schema):
    id: str
    ref: str
    title: str
    because: list[str]
    whys: list[str]
    public: bool
    stale: bool
    reviewed_on: date | None
    passage: str
    url: str


class ColleagueOut(Schema):
    """Who answers for the service; `here` is null when nobody knows."""

    service: str
    name: str
    role: str
    function: str
    phone: str
    here: bool | None
    absent_until: date | None
    back_at: datetime | None


class SuggestionOut(Schema):
    id: str | None
    sure: bool
    sheets: list[SuggestedSheetOut]
    documents: list[str]
    colleague: ColleagueOut | None


class OpinionIn(Schema):
    helpful: bool
    sheet: ShortText = ""


class OpinionOut(Schema):
    id: str
    helpful: bool
    position: int | None
