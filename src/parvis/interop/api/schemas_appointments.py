"""The JSON of appointments, in the manner of the contract."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.values import Day, Email, Id, Moment, ShortText, Text


class SlotsAsked(Schema):
    topic: Id
    site: Id = ""
    agenda: Id = ""
    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")
    limit: int = Field(default=100, ge=1, le=500)


class SlotOut(Schema):
    starts_at: datetime
    minutes: int
    free: int
    agenda: Id
    topic: Id
    site: Id


class SlotsOut(Schema):
    slots: list[SlotOut]


class NewAppointment(Schema):
    topic: Id
    starts_at: Moment
    name: Annotated[Text, Field(min_length=1, max_length=80)]
    email: Email = ""
    phone: Annotated[Text, Field(max_length=24)] = ""
    site: Id = ""
    agenda: Id = ""
    language: Annotated[Text, Field(max_length=5)] = ""
    note: ShortText = ""
    wants_earlier: bool = False


class MoveTo(Schema):
    starts_at: Moment


class Cancellation(Schema):
    by: Literal["person", "authority"] = "person"
    reason: ShortText = ""


class AppointmentOut(Schema):
    code: str
    state: str
    starts_at: datetime
    ends_at: datetime
    agenda: Id
    topic: Id
    site: Id
    name: str
    sequence: int
    wants_earlier: bool
    arrived_at: datetime | None
    ended_at: datetime | None
    ticket: Id | None
    contact: Id | None
    page_url: str
