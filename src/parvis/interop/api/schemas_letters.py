"""The JSON of letters and post, in the manner of the contract."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from parvis.interop.api.values import Day, Id, ShortText, Text


class LetterOut(Schema):
    id: Id
    kind: str
    state: str
    subject: str
    number: str | None
    way: str | None
    posted_on: date | None
    registered_number: str | None
    digest: str | None


class LetterListOut(Schema):
    letters: list[LetterOut]


class NewPost(Schema):
    sender: Annotated[Text, Field(min_length=1, max_length=120)]
    topic: Id
    received_on: Day
    subject: Annotated[Text, Field(max_length=160)] = ""
    posted_on: Day | None = None
    address: Annotated[Text, Field(max_length=240)] = ""
    registered_number: Annotated[Text, Field(max_length=40)] = ""
    case: ShortText = ""
    open_case: bool = False


class PostOut(Schema):
    id: Id
    number: str
    sender: str
    subject: str
    topic: Id
    service: Id
    case: str | None
    posted_on: date | None
    received_on: date
    registered_at: datetime
    has_scan: bool


class PostListOut(Schema):
    post: list[PostOut]
