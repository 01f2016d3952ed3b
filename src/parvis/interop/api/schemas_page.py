"""The JSON of what a person sends and asks for: documents, calls, complaints."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.schemas import (
    ChannelName,
)
from parvis.interop.api.values import Id, LongText, ShortText, Text


class DocumentOut(Schema):
    id: Id
    name: str
    kind: str
    size: int
    from_person: bool
    internal: bool
    added_at: datetime
    sha256: str


class Documents(Schema):
    documents: list[DocumentOut]


class NewCall(Schema):
    day: date
    part: Literal["morning", "afternoon", "any"] = "any"
    phone: Annotated[Text, Field(max_length=24)] = ""
    words: ShortText = ""


class CallOut(Schema):
    id: Id
    day: date
    part: str
    promised_until: datetime
    state: str


class NewComplaint(Schema):
    words: Annotated[LongText, Field(max_length=5000)]
    wanted: Annotated[Text, Field(max_length=500)] = ""
    channel: ChannelName = "web"


class ComplaintOut(Schema):
    id: Id
    state: str
    received_at: datetime
    take_by: date
    due_on: date
